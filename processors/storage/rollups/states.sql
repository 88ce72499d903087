-- name: state_staging_copy
-- Fills the session's table of durations that are about to be kept.
copy state_staging (series_id, bucket, bucket_end, state, duration, count) from stdin (format binary)

-- name: state_combine
-- Add up the durations of the parts of each window, which is one bucket.
insert into state_staging (series_id, bucket, bucket_end, state, duration, count)
select w.series_id, w.from_time, w.to_time, d.state, sum(d.duration), sum(d.count)
from rollup_window w
join state_duration d
    on d.period = %(parts)s and d.series_id = w.series_id and d.bucket >= w.from_time and d.bucket < w.to_time
group by w.series_id, w.from_time, w.to_time, d.state

-- name: state_keep
-- Make of all windows what is staged: durations that are not staged are gone, those that are the same stay untouched.
-- Returns the buckets that changed, in microseconds, and whether nothing was stored of them before.
with gone as (
    delete from state_duration d
    using rollup_window w
    where d.period = %(period)s and d.series_id = w.series_id and d.bucket >= w.from_time and d.bucket < w.to_time
        and not exists (
            select from state_staging s
            where s.series_id = d.series_id and s.bucket = d.bucket and s.state = d.state
        )
    returning d.series_id, d.bucket, d.bucket_end
), kept as (
    insert into state_duration as stored (period, series_id, bucket, bucket_end, state, duration, count)
    select %(period)s, series_id, bucket, bucket_end, state, duration, count from state_staging
    on conflict (period, series_id, bucket, state) do update
    set bucket_end = excluded.bucket_end, duration = excluded.duration, count = excluded.count
    where (stored.bucket_end, stored.duration, stored.count)
        is distinct from (excluded.bucket_end, excluded.duration, excluded.count)
    returning stored.series_id, stored.bucket, stored.bucket_end
)
select
    c.series_id,
    (extract(epoch from c.bucket) * 1000000)::bigint as start_us,
    (extract(epoch from c.bucket_end) * 1000000)::bigint as end_us,
    not exists (
        select from state_duration d
        where d.period = %(period)s and d.series_id = c.series_id and d.bucket = c.bucket
    ) as is_first
from (select * from gone union select * from kept) c
order by c.series_id, c.bucket
