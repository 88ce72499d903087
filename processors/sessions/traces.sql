-- name: session_traces
-- What some charging points reported around [from_time, to_time): what tells of vehicles, from when none was there before
-- (only with its begin a visit is whole) to the first vehicle after the last one that came; and the register, from the
-- reading before that to one after; where it fell nearby, as far around as decides what happened.
-- At some values no vehicle is there (free), some tell nothing (silent).
select w.slot, plugged.time, plugged.value, register.time, register.value
from unnest(%(slot)s::integer[], %(plug_id)s::integer[], %(register_id)s::integer[], %(from_time)s::timestamptz[],
            %(to_time)s::timestamptz[], %(around)s::interval[])
    as w (slot, plug_id, register_id, from_time, to_time, around)
cross join lateral (
    select coalesce(max(time), w.from_time) as time
    from (
        (select time from observation
         where series_id = w.plug_id and time < w.from_time and value = any(%(free)s::double precision[])
         order by time desc limit 1)
        union all
        (select time from packed_before(w.plug_id, w.from_time, null)
         where time < w.from_time and value = any(%(free)s::double precision[])
         order by starts desc, time desc limit 1)
    ) o
) as free
cross join lateral (
    select coalesce(min(time), 'infinity') as time
    from (
        (select time from observation
         where series_id = w.plug_id and time >= w.to_time and value = any(%(free)s::double precision[])
         order by time limit 1)
        union all
        (select time from packed_after(w.plug_id, w.to_time, null)
         where time >= w.to_time and value = any(%(free)s::double precision[])
         order by starts, time limit 1)
    ) o
) as left_at
cross join lateral (
    select coalesce(min(time), left_at.time) as time
    from (
        (select time from observation
         where series_id = w.plug_id and time > left_at.time
             and value <> all(%(free)s::double precision[] || %(silent)s::double precision[])
         order by time limit 1)
        union all
        (select time from packed_after(w.plug_id, left_at.time, null)
         where time > left_at.time and value <> all(%(free)s::double precision[] || %(silent)s::double precision[])
         order by starts, time limit 1)
    ) o
) as next_one
cross join lateral (
    select array_agg((extract(epoch from time) * 1000000)::bigint order by time) as time,
           array_agg(value order by time) as value
    from readings_of(w.plug_id, free.time, next_one.time)
) as plugged
cross join lateral (
    select coalesce(max(time), free.time) as time
    from reading_before(w.register_id, free.time)
) as opening
cross join lateral (
    select coalesce(min(time), 'infinity') as time
    from reading_after(w.register_id, left_at.time)
) as closing
cross join lateral (
    select opening.time - w.around as first, closing.time + w.around as last
    from register_fall
    where series_id = w.register_id and day > opening.time - w.around - interval '2 days'
        and day < closing.time + w.around + interval '1 day'
    union all select opening.time, closing.time
    order by first limit 1
) as extent
cross join lateral (
    select array_agg((extract(epoch from time) * 1000000)::bigint order by time) as time,
           array_agg(value order by time) as value
    from readings_of(w.register_id, extent.first, extent.last)
) as register
order by w.slot
