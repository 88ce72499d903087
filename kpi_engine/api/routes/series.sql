-- name: api_observations
-- Readings of a series in a half-open range with what they were judged to be, after a time: the keyset of the page
-- before.
select time, value, quality, received_at, coalesce(judged.flags, 0) as flags
from observation
left join reading_quality judged using (series_id, time)
where series_id = %(series_id)s
    and time >= %(start)s
    and time < %(end)s
    and (%(after)s::timestamptz is null or time > %(after)s)
order by time
limit %(limit)s
