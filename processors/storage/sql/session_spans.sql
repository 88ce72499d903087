-- The declared spans of some devices that overlap [from_time, to_time).
select w.slot, s.from_time, s.to_time
from unnest(%(slot)s::integer[], %(device_id)s::integer[], %(from_time)s::timestamptz[], %(to_time)s::timestamptz[])
    as w (slot, device_id, from_time, to_time)
join charging_session_span s
    on s.device_id = w.device_id and s.from_time < w.to_time and s.to_time > w.from_time
order by w.slot, s.from_time, s.to_time
