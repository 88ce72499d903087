-- Add up the durations of the parts of each window, which is one bucket.
insert into state_staging (series_id, bucket, bucket_end, state, duration, count)
select w.series_id, w.from_time, w.to_time, d.state, sum(d.duration), sum(d.count)
from rollup_window w
join state_duration d
    on d.period = %(parts)s and d.series_id = w.series_id and d.bucket >= w.from_time and d.bucket < w.to_time
group by w.series_id, w.from_time, w.to_time, d.state
