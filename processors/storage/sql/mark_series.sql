-- Mark everything stored of some series for recomputation, month by month and the newest first, so that it is worked off
-- in parts: readings, what sessions of their devices come to, and the time in which their plugs were read.
with made as (
    select series_id, device_id from series where series_id = any(%(series)s) and kind = 'session'
), watched as (
    select series_id, series_id as read_id from unnest(%(series)s::integer[]) as wanted (series_id)
    union all
    select made.series_id, plug.series_id
    from made join series plug using (device_id)
    where plug.quantity in ('plugged_in', 'connector_status')
), known as (
    select watched.series_id, oldest.time as from_time, newest.time as to_time
    from watched
    cross join lateral (
        select o.time from observation o where o.series_id = watched.read_id order by o.time limit 1
    ) oldest
    cross join lateral (
        select o.time from observation o where o.series_id = watched.read_id order by o.time desc limit 1
    ) newest
    union all
    select series_id, min(began.from_time), max(began.to_time)
    from made join (
        select device_id, begin_at as from_time, begin_at as to_time from charging_session
        union all
        select device_id, from_time, to_time - interval '1 microsecond' from charging_session_span
    ) as began using (device_id)
    group by series_id
)
insert into observation_mark (series_id, from_time, to_time)
select series_id, greatest(from_time, month), least(to_time, month + interval '1 month' - interval '1 microsecond')
from known
cross join lateral generate_series(date_trunc('month', from_time), to_time, interval '1 month') as month
order by month desc, series_id
