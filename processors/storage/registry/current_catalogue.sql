-- name: registry_version
-- Changes whenever a city file is applied that says something new, and when a meter is found to replace another one. Looked
-- at all the time: one small row per city, and one of the meters.
select count(*), max(applied_at), (select version from meter_version) from city
