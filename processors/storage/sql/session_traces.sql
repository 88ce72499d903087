-- What some charging points reported around [from_time, to_time): whether a vehicle is plugged in, from the reading before
-- to the first of the vehicle after the last one that came; and the register, from the reading before that to one after.
select w.slot, plugged.time, plugged.value, register.time, register.value
from unnest(%(slot)s::integer[], %(plugged_id)s::integer[], %(register_id)s::integer[]) as w (slot, plugged_id, register_id)
cross join lateral (
    select coalesce(max(time), %(from_time)s) as time
    from (select time from observation where series_id = w.plugged_id and time < %(from_time)s order by time desc limit 1) o
) as free
cross join lateral (
    select coalesce(min(time), 'infinity') as time
    from (select time from observation
          where series_id = w.plugged_id and time >= %(to_time)s and value = 0 order by time limit 1) o
) as left_at
cross join lateral (
    select coalesce(min(time), left_at.time) as time
    from (select time from observation
          where series_id = w.plugged_id and time > left_at.time and value > 0 order by time limit 1) o
) as next_one
cross join lateral (
    select array_agg((extract(epoch from time) * 1000000)::bigint order by time) as time,
           array_agg(value order by time) as value
    from observation where series_id = w.plugged_id and time >= free.time and time <= next_one.time
) as plugged
cross join lateral (
    select coalesce(max(time), free.time) as time
    from (select time from observation where series_id = w.register_id and time <= free.time order by time desc limit 1) o
) as opening
cross join lateral (
    select coalesce(min(time), 'infinity') as time
    from (select time from observation where series_id = w.register_id and time >= left_at.time order by time limit 1) o
) as closing
cross join lateral (
    select array_agg((extract(epoch from time) * 1000000)::bigint order by time) as time,
           array_agg(value order by time) as value
    from observation where series_id = w.register_id and time >= opening.time and time <= closing.time
) as register
order by w.slot
