-- Give devices other names.
update device set name = given.name
from unnest(%(devices)s::integer[], %(names)s::text[]) as given (device_id, name)
where device.device_id = given.device_id
