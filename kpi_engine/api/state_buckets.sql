-- name: api_state_durations
-- Time by state of a series in a half-open range, by bucket; times and durations in microseconds.
select (extract(epoch from bucket) * 1000000)::bigint as bucket, state, duration, count
from state_duration
where period = %(period)s
    and series_id = %(series_id)s
    and bucket >= %(start)s
    and bucket < %(end)s
order by bucket, state
