-- name: judgements_flagged_series
-- The series of which any reading is flagged, in order: from each one straight to the next, past its flags.
with recursive flagged as (
    (select series_id from reading_quality order by series_id limit 1)
    union all
    select next.series_id
    from flagged
    cross join lateral (
        select q.series_id from reading_quality q where q.series_id > flagged.series_id order by q.series_id limit 1
    ) as next
)
select series_id from flagged

-- name: judgements_stored
-- Returns the flags of readings in spans of series as one row of arrays, in any order.
select array_agg(w.slot), array_agg(q.time), array_agg(q.flags)
from unnest(%(series)s::integer[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
    with ordinality as w (series_id, from_time, to_time, slot)
join reading_quality q on q.series_id = w.series_id and q.time >= w.from_time and q.time < w.to_time

-- name: judgements_save
-- Stores the flags of readings, in place of what they were flagged as.
insert into reading_quality (series_id, time, flags, rules)
select series_id, time, flags, %(rules)s
from unnest(%(series)s::integer[], %(times)s::timestamptz[], %(flags)s::smallint[]) as given (series_id, time, flags)
on conflict (series_id, time) do update set flags = excluded.flags, rules = excluded.rules

-- name: judgements_remove
-- Removes the flags of readings that are nothing remarkable any more.
delete from reading_quality q
using unnest(%(series)s::integer[], %(times)s::timestamptz[]) as gone (series_id, time)
where q.series_id = gone.series_id and q.time = gone.time

-- name: judgements_mark
-- Marks readings that figures leave out from now on, or do not any more: what is computed from them changes.
insert into observation_mark (series_id, from_time, to_time)
select series_id, time, time from unnest(%(series)s::integer[], %(times)s::timestamptz[]) as changed (series_id, time)

-- name: judgements_neighbours
-- Returns the readings around spans of series that figures do not leave out, as one row of arrays; -infinity where there
-- is none.
select
    array_agg(w.slot), array_agg(coalesce(previous.time, '-infinity')), array_agg(coalesce(following.time, '-infinity'))
from unnest(%(series)s::integer[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
    with ordinality as w (series_id, from_time, to_time, slot)
left join lateral sound_reading_before(w.series_id, w.from_time - interval '1 microsecond') previous on true
left join lateral sound_reading_after(w.series_id, w.to_time + interval '1 microsecond') following on true

-- name: judgements_moved_before
-- Returns since when readings must be known to tell how long a value has stood: from the last other value before it,
-- or from as long ago as matters.
select array_agg(w.slot), array_agg(coalesce(packed.time, other.time, w.at - w.longest))
from unnest(%(series)s::integer[], %(at)s::timestamptz[], %(value)s::double precision[], %(longest)s::interval[])
    with ordinality as w (series_id, at, value, longest, slot)
left join lateral (
    select o.time from observation o
    where o.series_id = w.series_id and o.time < w.at and o.time >= w.at - w.longest and o.value <> w.value
    order by o.time desc limit 1
) other on true
left join lateral (
    select k.time from packed_before(w.series_id, w.at, coalesce(other.time, w.at - w.longest)) k
    where k.time < w.at and k.time >= w.at - w.longest and k.value <> w.value
    order by k.starts desc, k.time desc limit 1
) packed on true

-- name: judgements_moved_after
-- Returns until when readings must be known to tell how long a value stands: to the next other value, or as far ahead as
-- matters.
select array_agg(w.slot), array_agg(coalesce(packed.time, other.time, w.at + w.longest))
from unnest(%(series)s::integer[], %(at)s::timestamptz[], %(value)s::double precision[], %(longest)s::interval[])
    with ordinality as w (series_id, at, value, longest, slot)
left join lateral (
    select o.time from observation o
    where o.series_id = w.series_id and o.time > w.at and o.time <= w.at + w.longest and o.value <> w.value
    order by o.time limit 1
) other on true
left join lateral (
    select k.time from packed_after(w.series_id, w.at, coalesce(other.time, w.at + w.longest + interval '1 microsecond')) k
    where k.time > w.at and k.time <= w.at + w.longest and k.value <> w.value
    order by k.starts, k.time limit 1
) packed on true
