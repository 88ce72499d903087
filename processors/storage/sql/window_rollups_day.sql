-- Copies out the days of each window, NaN and -infinity for what is NULL.
copy (
    select
        w.slot, r.bucket, r.bucket_end, r.count,
        coalesce(r.minimum, 'NaN'), coalesce(r.maximum, 'NaN'), coalesce(r.total, 'NaN'), coalesce(r.integral, 'NaN'),
        r.estimated, r.measured, r.weighted,
        coalesce(r.covered_from, '-infinity'), coalesce(r.covered_to, '-infinity'),
        coalesce(r.measured_from, '-infinity'), coalesce(r.measured_to, '-infinity')
    from rollup_window w
    cross join lateral (
        select * from rollup_day h
        where h.series_id = w.series_id and h.bucket >= w.from_time and h.bucket < w.to_time
        order by h.bucket
    ) r
    order by w.slot, r.bucket
) to stdout (format binary)
