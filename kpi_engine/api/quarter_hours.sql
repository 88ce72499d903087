-- name: api_readings_around
-- Readings of a series in a range, and its neighbours: the last one at or before the start, the first at or after the
-- end that figures do not leave out; and which of them they do. Times in microseconds.
select (extract(epoch from time) * 1000000)::bigint, value, coalesce(judged.flags & 8 <> 0, false)
from observation
left join reading_quality judged using (series_id, time)
where series_id = %(series_id)s
    and time >= coalesce(
        (
            select time from observation o
            where series_id = %(series_id)s and time <= %(start)s
                and not exists (
                    select from reading_quality q
                    where q.series_id = o.series_id and q.time = o.time and q.flags & 8 <> 0
                )
            order by time desc limit 1
        ), %(start)s)
    and time <= coalesce(
        (
            select time from observation o
            where series_id = %(series_id)s and time >= %(end)s
                and not exists (
                    select from reading_quality q
                    where q.series_id = o.series_id and q.time = o.time and q.flags & 8 <> 0
                )
            order by time limit 1
        ), %(end)s)
order by time

-- name: api_register_fell
-- Whether a register fell on any day of a range.
select exists (
    select from register_fall
    where series_id = %(series_id)s and day >= %(start)s::timestamptz - interval '1 day' and day <= %(end)s::timestamptz
)
