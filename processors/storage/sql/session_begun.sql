-- The sessions that begin in [from_time, to_time) of some devices.
select w.slot, c.transaction_id, c.begin_at, c.end_at, c.energy_kwh, c.lower_kwh, c.upper_kwh
from unnest(%(slot)s::integer[], %(device_id)s::integer[], %(from_time)s::timestamptz[], %(to_time)s::timestamptz[])
    as w (slot, device_id, from_time, to_time)
join charging_session c on c.device_id = w.device_id and c.begin_at >= w.from_time and c.begin_at < w.to_time
order by w.slot, c.begin_at, c.transaction_id
