-- name: session_begun
-- The sessions that begin in [from_time, to_time) of some devices.
select w.slot, c.transaction_id, c.begin_at, c.end_at, c.energy_kwh, c.lower_kwh, c.upper_kwh
from unnest(%(slot)s::integer[], %(device_id)s::integer[], %(from_time)s::timestamptz[], %(to_time)s::timestamptz[])
    as w (slot, device_id, from_time, to_time)
join charging_session c on c.device_id = w.device_id and c.begin_at >= w.from_time and c.begin_at < w.to_time
order by w.slot, c.begin_at, c.transaction_id

-- name: session_spans
-- The declared spans of some devices that overlap [from_time, to_time).
select w.slot, s.from_time, s.to_time
from unnest(%(slot)s::integer[], %(device_id)s::integer[], %(from_time)s::timestamptz[], %(to_time)s::timestamptz[])
    as w (slot, device_id, from_time, to_time)
join charging_session_span s
    on s.device_id = w.device_id and s.from_time < w.to_time and s.to_time > w.from_time
order by w.slot, s.from_time, s.to_time
