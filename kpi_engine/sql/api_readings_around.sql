-- Readings of a series in a range, and its neighbours: the last one at or before the start, the first at or after the
-- end. Times in microseconds.
select (extract(epoch from time) * 1000000)::bigint, value
from observation
where series_id = %(series_id)s
    and time >= coalesce(
        (select max(time) from observation where series_id = %(series_id)s and time <= %(start)s), %(start)s)
    and time <= coalesce(
        (select min(time) from observation where series_id = %(series_id)s and time >= %(end)s), %(end)s)
order by time
