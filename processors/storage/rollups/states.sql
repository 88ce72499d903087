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
with gone as (
    delete from state_duration d
    using rollup_window w
    where d.period = %(period)s and d.series_id = w.series_id and d.bucket >= w.from_time and d.bucket < w.to_time
        and not exists (
            select from state_staging s
            where s.series_id = d.series_id and s.bucket = d.bucket and s.state = d.state
        )
)
insert into state_duration as kept (period, series_id, bucket, bucket_end, state, duration, count)
select %(period)s, series_id, bucket, bucket_end, state, duration, count from state_staging
on conflict (period, series_id, bucket, state) do update
set bucket_end = excluded.bucket_end, duration = excluded.duration, count = excluded.count
where (kept.bucket_end, kept.duration, kept.count) is distinct from (excluded.bucket_end, excluded.duration, excluded.count)
