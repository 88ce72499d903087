-- name: api_city_exists
-- Whether a city is registered.
select 1 from city where name = %(city)s

-- name: api_city_zone
-- The zone of a city.
select timezone from city where name = %(city)s
