-- Returns the months of all windows as one row of arrays, in any order; NaN and -infinity for what is NULL.
select
    array_agg(w.slot),
    array_agg(r.bucket),
    array_agg(r.bucket_end),
    array_agg(r.count),
    array_agg(coalesce(r.minimum, 'NaN')),
    array_agg(coalesce(r.maximum, 'NaN')),
    array_agg(coalesce(r.total, 'NaN')),
    array_agg(coalesce(r.integral, 'NaN')),
    array_agg(r.estimated),
    array_agg(r.measured),
    array_agg(r.weighted),
    array_agg(coalesce(r.covered_from, '-infinity')),
    array_agg(coalesce(r.covered_to, '-infinity')),
    array_agg(coalesce(r.measured_from, '-infinity')),
    array_agg(coalesce(r.measured_to, '-infinity')),
    array_agg(r.rejected),
    array_agg(r.contract),
    array_agg(coalesce(r.interpolated, 'NaN')),
    array_agg(coalesce(r.estimated_time, 'NaN')),
    array_agg(coalesce(r.pause, 'NaN')),
    array_agg(coalesce(r.first_at, '-infinity')),
    array_agg(coalesce(r.last_at, '-infinity')),
    array_agg(coalesce(r.entry_seconds, 'NaN')),
    array_agg(coalesce(r.entry_amount, 'NaN')),
    array_agg(coalesce(r.exit_seconds, 'NaN')),
    array_agg(coalesce(r.exit_amount, 'NaN')),
    array_agg(coalesce(r.doubt_below, 'NaN')),
    array_agg(coalesce(r.doubt_above, 'NaN')),
    array_agg(coalesce(r.peak, 'NaN'))
from rollup_window w
join rollup_month r
    on r.period = 'month' and r.series_id = w.series_id and r.bucket < w.to_time and r.bucket_end > w.from_time
    and r.bucket > w.from_time - interval '32 days' -- none is so long: keeps to the index
