-- Mark everything stored of some series for recomputation: readings, and what sessions of their devices come to.
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
