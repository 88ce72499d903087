-- name: source_register
-- Register the sources that are new; asks first, since a conflict would spend an id.
insert into source (city, name)
select city, %(name)s from unnest(%(cities)s::text[]) city
where not exists (select from source where source.city = city.city and source.name = %(name)s)
on conflict (city, name) do nothing

-- name: source_ids
-- The ids of one source in several cities.
select city, source_id from source where name = %(name)s and city = any(%(cities)s)
