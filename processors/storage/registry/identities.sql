-- name: device_identities
-- The devices of a city with their names and native ids, and whether its file declares them.
select device_id, device.name, native_id, coalesce(
    document @> jsonb_build_object('devices', jsonb_build_array(jsonb_build_object('name', device.name))), false
)
from device join city using (city_id)
where city.name = %(city)s

-- name: device_rename
-- Give devices other names.
update device set name = given.name
from unnest(%(devices)s::integer[], %(names)s::text[]) as given (device_id, name)
where device.device_id = given.device_id
