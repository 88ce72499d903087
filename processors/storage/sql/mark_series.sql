-- Mark everything stored of some series for recomputation: readings, what sessions of their devices come to, and the
-- time in which their plugs were read.
insert into observation_mark (series_id, from_time, to_time)
select series_id, min(time), max(time) from observation where series_id = any(%(series)s) group by series_id
union all
select series_id, min(from_time), max(to_time)
from series join (
    select device_id, begin_at as from_time, begin_at as to_time from charging_session
    union all
    select device_id, from_time, to_time - interval '1 microsecond' from charging_session_span
) as known using (device_id)
where series_id = any(%(series)s)
group by series_id
union all
select made.series_id, min(time), max(time)
from series made join series plug using (device_id) join observation on observation.series_id = plug.series_id
where made.series_id = any(%(series)s) and made.kind = 'session' and plug.quantity in ('plugged_in', 'connector_status')
group by made.series_id
