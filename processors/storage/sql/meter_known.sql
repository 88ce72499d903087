-- Since when meters are known that readings came from.
select device_id, serial_number, since
from meter join unnest(%(device_id)s::integer[], %(serial_number)s::text[]) as sighted (device_id, serial_number)
    using (device_id, serial_number)
