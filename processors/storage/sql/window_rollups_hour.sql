-- Returns the hours of each window as arrays in order of time; NaN and -infinity for what is NULL.
select
    w.slot, r.bucket, r.bucket_end, r.count, r.minimum, r.maximum, r.total, r.integral, r.estimated, r.measured,
    r.weighted, r.covered_from, r.covered_to, r.measured_from, r.measured_to
from rollup_window w
cross join lateral (
    select
        array_agg(bucket) as bucket,
        array_agg(bucket_end) as bucket_end,
        array_agg(count) as count,
        array_agg(coalesce(minimum, 'NaN')) as minimum,
        array_agg(coalesce(maximum, 'NaN')) as maximum,
        array_agg(coalesce(total, 'NaN')) as total,
        array_agg(coalesce(integral, 'NaN')) as integral,
        array_agg(estimated) as estimated,
        array_agg(measured) as measured,
        array_agg(weighted) as weighted,
        array_agg(coalesce(covered_from, '-infinity')) as covered_from,
        array_agg(coalesce(covered_to, '-infinity')) as covered_to,
        array_agg(coalesce(measured_from, '-infinity')) as measured_from,
        array_agg(coalesce(measured_to, '-infinity')) as measured_to
    from (
        select *
        from rollup_hour h
        where h.period = 'hour' and h.series_id = w.series_id and h.bucket >= w.from_time and h.bucket < w.to_time
        order by h.bucket
    ) ordered
) r
where r.bucket is not null
