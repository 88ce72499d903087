-- Register a series of a device, or bring it up to its city's file.
insert into series (device_id, quantity, unit, kind, register_contract, max_gap)
select device_id, %(quantity)s, %(unit)s, %(kind)s, %(register_contract)s, %(max_gap)s
from city join device using (city_id) where city.name = %(city)s and device.name = %(device)s
on conflict (device_id, quantity) do update set
    unit = excluded.unit,
    kind = excluded.kind,
    register_contract = excluded.register_contract,
    max_gap = excluded.max_gap
