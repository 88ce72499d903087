-- name: api_rollups
-- Rollups of a series in a half-open range, times in microseconds.
select
    (extract(epoch from bucket) * 1000000)::bigint as bucket,
    (extract(epoch from bucket_end) * 1000000)::bigint as bucket_end,
    count, minimum, maximum, total, integral, estimated, measured, weighted,
    (extract(epoch from covered_from) * 1000000)::bigint as covered_from,
    (extract(epoch from covered_to) * 1000000)::bigint as covered_to,
    (extract(epoch from measured_from) * 1000000)::bigint as measured_from,
    (extract(epoch from measured_to) * 1000000)::bigint as measured_to,
    rejected,
    interpolated, estimated_time, pause,
    (extract(epoch from first_at) * 1000000)::bigint as first_at,
    (extract(epoch from last_at) * 1000000)::bigint as last_at,
    entry_seconds, entry_amount, exit_seconds, exit_amount, doubt_below, doubt_above, peak
from rollups_of(%(period)s, %(series_id)s, %(start)s, %(end)s)
order by bucket
