-- Copies out the rollups of one period at given series and buckets; NaN and -infinity stand for what is not known.
copy (
    select
        r.series_id, r.bucket, r.bucket_end, r.count,
        coalesce(r.total, 'NaN'), r.estimated, r.measured,
        coalesce(r.covered_from, '-infinity'), coalesce(r.covered_to, '-infinity'),
        coalesce(r.measured_from, '-infinity'), coalesce(r.measured_to, '-infinity')
    from unnest(%(series)s::integer[], %(buckets)s::bigint[]) as wanted (series_id, micros)
    join rollup r
        on r.period = %(period)s
        and r.series_id = wanted.series_id
        and r.bucket = timestamptz 'epoch' + wanted.micros * interval '1 microsecond'
) to stdout (format binary)
