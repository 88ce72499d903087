-- Between which begins of sessions touched readings of some points decide, and between which readings of the plug they
-- stand: from the session they may lie in or close, to one after the next reading of plug and register. Microseconds.
-- A session that was closed by readings before is not looked at again.
select
    w.slot,
    (extract(epoch from case
        when it.end_at <= plug_before.time and is_closed.before then plug_before.time
        else coalesce(it.begin_at, plug_before.time, w.from_time)
    end) * 1000000)::bigint,
    (extract(epoch from coalesce(after_that.begin_at, reach.time)) * 1000000)::bigint + 1,
    (extract(epoch from coalesce(plug_before.time, w.from_time)) * 1000000)::bigint,
    (extract(epoch from coalesce(plug_after.time, w.to_time)) * 1000000)::bigint
from unnest(%(slot)s::integer[], %(device_id)s::integer[], %(plug_id)s::integer[], %(register_id)s::integer[],
            %(from_time)s::timestamptz[], %(to_time)s::timestamptz[])
    as w (slot, device_id, plug_id, register_id, from_time, to_time)
left join lateral (
    select time from observation
    where series_id = w.plug_id and time < w.from_time and value <> all(%(silent)s::double precision[])
    order by time desc limit 1
) as plug_before on true
left join lateral (
    select time from observation
    where series_id = w.plug_id and time > w.to_time and value <> all(%(silent)s::double precision[])
    order by time limit 1
) as plug_after on true
left join lateral (
    select time from observation where series_id = w.register_id and time > w.to_time order by time limit 1
) as counted_after on true
cross join lateral (
    select greatest(w.to_time, plug_after.time, counted_after.time) as time
) as reach
left join lateral (
    select begin_at, end_at from charging_session
    where device_id = w.device_id and begin_at <= coalesce(plug_before.time, w.from_time)
    order by begin_at desc limit 1
) as it on true
left join lateral (
    select exists (
        select from observation
        where series_id = w.register_id and time >= it.end_at and time < w.from_time
    ) as before
) as is_closed on true
left join lateral (
    select begin_at from charging_session
    where device_id = w.device_id and begin_at > reach.time
    order by begin_at limit 1
) as after_that on true
