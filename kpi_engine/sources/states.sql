-- name: states_at
-- Time by state of given series and buckets, microseconds.
select
    d.period, d.series_id,
    (extract(epoch from d.bucket) * 1000000)::bigint as start_us,
    (extract(epoch from d.bucket_end) * 1000000)::bigint as end_us,
    d.state, d.duration
from unnest(%(periods)s::text[], %(series)s::integer[], %(buckets)s::bigint[]) as wanted (period, series_id, micros)
join state_duration d
    on d.period = wanted.period
    and d.series_id = wanted.series_id
    and d.bucket = timestamptz 'epoch' + wanted.micros * interval '1 microsecond'
