-- name: api_readings_around
-- Readings of a series in a range, and its neighbours: the last one at or before the start, the first at or after the
-- end that figures do not leave out; and which of them they do. One row of arrays, in any order.
select array_agg(time), array_agg(value), array_agg(coalesce(judged.flags & 8 <> 0, false))
from (
    select
        coalesce((select time from sound_reading_before(%(series_id)s, %(start)s)), %(start)s) as first,
        coalesce((select time from sound_reading_after(%(series_id)s, %(end)s)), %(end)s) as last
) as around
cross join lateral readings_of(%(series_id)s, around.first, around.last)
left join reading_quality judged using (series_id, time)

-- name: api_register_fell
-- Whether a register fell on any day of a range.
select exists (
    select from register_fall
    where series_id = %(series_id)s and day >= %(start)s::timestamptz - interval '1 day' and day <= %(end)s::timestamptz
)
