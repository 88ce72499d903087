-- name: api_observations
-- Readings of a series in a half-open range with what they were judged to be, after a time: the keyset of the page
-- before.
select time, value, quality, received_at, coalesce(judged.flags, 0) as flags
from first_readings(
    %(series_id)s,
    greatest(%(start)s::timestamptz, %(after)s::timestamptz + interval '1 microsecond'),
    %(end)s::timestamptz - interval '1 microsecond',
    %(limit)s
)
left join reading_quality judged using (series_id, time)
order by time
