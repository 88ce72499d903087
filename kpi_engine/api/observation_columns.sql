-- name: api_observations
-- Readings of a series in a half-open range with what they were judged to be, after a time: the keyset of the page
-- before. One row of arrays, in any order.
select
    array_agg(time), array_agg(value), array_agg(quality::integer), array_agg(received_at),
    array_agg(coalesce(judged.flags, 0)::integer)
from first_readings(
    %(series_id)s,
    greatest(%(start)s::timestamptz, %(after)s::timestamptz + interval '1 microsecond'),
    %(end)s::timestamptz - interval '1 microsecond',
    %(limit)s
)
left join reading_quality judged using (series_id, time)
