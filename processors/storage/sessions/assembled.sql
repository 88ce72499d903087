-- name: session_mark_plugs
-- Mark all readings of what tells of vehicles in those of some cities that a source is not registered in yet.
insert into observation_mark (series_id, from_time, to_time)
select series.series_id, first.time, last.time
from series
join device using (device_id)
join city using (city_id)
cross join lateral reading_after(series.series_id, '-infinity') as first
cross join lateral reading_before(series.series_id, 'infinity') as last
where series.quantity = any(%(quantities)s) and city.name = any(%(cities)s)
    and not exists (select from source where source.city = city.name and source.name = %(name)s)

-- name: session_reach
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
cross join lateral (
    select max(time) as time
    from (
        (select time from observation
         where series_id = w.plug_id and time < w.from_time and value <> all(%(silent)s::double precision[])
         order by time desc limit 1)
        union all
        (select time from packed_before(w.plug_id, w.from_time, null)
         where time < w.from_time and value <> all(%(silent)s::double precision[])
         order by starts desc, time desc limit 1)
    ) as either
) as plug_before
cross join lateral (
    select min(time) as time
    from (
        (select time from observation
         where series_id = w.plug_id and time > w.to_time and value <> all(%(silent)s::double precision[])
         order by time limit 1)
        union all
        (select time from packed_after(w.plug_id, w.to_time, null)
         where time > w.to_time and value <> all(%(silent)s::double precision[])
         order by starts, time limit 1)
    ) as either
) as plug_after
left join lateral reading_after(w.register_id, w.to_time + interval '1 microsecond') as counted_after on true
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
        select from reading_after(w.register_id, it.end_at) as counted where counted.time < w.from_time
    ) as before
) as is_closed on true
left join lateral (
    select begin_at from charging_session
    where device_id = w.device_id and begin_at > reach.time
    order by begin_at limit 1
) as after_that on true

-- name: session_assembled
-- The sessions of some devices that begin in [from_time, to_time) and were assembled from readings.
select w.slot, c.transaction_id, c.begin_at, c.end_at, c.energy_kwh, c.lower_kwh, c.upper_kwh
from unnest(%(slot)s::integer[], %(device_id)s::integer[], %(from_time)s::timestamptz[], %(to_time)s::timestamptz[])
    as w (slot, device_id, from_time, to_time)
join charging_session c on c.device_id = w.device_id and c.begin_at >= w.from_time and c.begin_at < w.to_time
join source using (source_id)
where source.name = %(source)s

-- name: session_forget
-- Remove sessions that readings do not tell of any more.
delete from charging_session
where (device_id, transaction_id) in (select * from unnest(%(device_id)s::integer[], %(transaction_id)s::text[]))

-- name: session_keep
-- Keep sessions as they were assembled from readings.
insert into charging_session
    (device_id, transaction_id, begin_at, end_at, energy_kwh, lower_kwh, upper_kwh, source_id, received_at)
select *, now() from unnest(%(device_id)s::integer[], %(transaction_id)s::text[], %(begin_at)s::timestamptz[],
                            %(end_at)s::timestamptz[], %(energy_kwh)s::double precision[],
                            %(lower_kwh)s::double precision[], %(upper_kwh)s::double precision[],
                            %(source_id)s::smallint[])
on conflict (device_id, transaction_id) do update set
    begin_at = excluded.begin_at, end_at = excluded.end_at, energy_kwh = excluded.energy_kwh,
    lower_kwh = excluded.lower_kwh, upper_kwh = excluded.upper_kwh,
    source_id = excluded.source_id, received_at = excluded.received_at
