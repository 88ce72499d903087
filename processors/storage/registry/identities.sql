-- name: device_identities
-- The devices of a city with their names and native ids, and whether its file declares them. Its names are read once: of a
-- large city, looking into the document for each device would take minutes.
with declared as materialized (
    select declaration ->> 'name' as name
    from city cross join lateral jsonb_array_elements(document -> 'devices') as declaration
    where city.name = %(city)s
)
select device_id, device.name, native_id, device.name in (select name from declared)
from device join city using (city_id)
where city.name = %(city)s

-- name: device_rename
-- Give devices other names.
update device set name = given.name
from unnest(%(devices)s::integer[], %(names)s::text[]) as given (device_id, name)
where device.device_id = given.device_id
