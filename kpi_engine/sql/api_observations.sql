-- Readings of a series in a half-open range, after a time: the keyset of the page before.
select time, value, quality, received_at
from observation
where series_id = %(series_id)s
    and time >= %(start)s
    and time < %(end)s
    and (%(after)s::timestamptz is null or time > %(after)s)
order by time
limit %(limit)s
