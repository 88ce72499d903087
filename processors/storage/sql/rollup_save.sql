-- Stores the staged rollups of one period where they say something new, and returns what changed per series and month.
with saved as (
    insert into rollup as r (
        period, series_id, bucket, bucket_end, count, minimum, maximum, total, integral, estimated, measured, weighted,
        covered_from, covered_to, measured_from, measured_to
    )
    select
        %(period)s, series_id, bucket, bucket_end, count,
        nullif(minimum, 'NaN'), nullif(maximum, 'NaN'), nullif(total, 'NaN'), nullif(integral, 'NaN'),
        estimated, measured, weighted,
        nullif(covered_from, '-infinity'), nullif(covered_to, '-infinity'),
        nullif(measured_from, '-infinity'), nullif(measured_to, '-infinity')
    from rollup_staging
    on conflict (period, series_id, bucket) do update set
        bucket_end = excluded.bucket_end,
        count = excluded.count,
        minimum = excluded.minimum,
        maximum = excluded.maximum,
        total = excluded.total,
        integral = excluded.integral,
        estimated = excluded.estimated,
        measured = excluded.measured,
        weighted = excluded.weighted,
        covered_from = excluded.covered_from,
        covered_to = excluded.covered_to,
        measured_from = excluded.measured_from,
        measured_to = excluded.measured_to,
        updated_at = now()
    where (r.bucket_end, r.count, r.minimum, r.maximum, r.total, r.integral, r.estimated, r.measured, r.weighted,
           r.covered_from, r.covered_to, r.measured_from, r.measured_to)
       is distinct from
          (excluded.bucket_end, excluded.count, excluded.minimum, excluded.maximum, excluded.total, excluded.integral,
           excluded.estimated, excluded.measured, excluded.weighted,
           excluded.covered_from, excluded.covered_to, excluded.measured_from, excluded.measured_to)
    returning series_id, bucket, bucket_end
)
select
    series_id,
    (extract(epoch from min(bucket)) * 1000000)::bigint as from_time,
    (extract(epoch from max(bucket_end)) * 1000000)::bigint as to_time
from saved
group by series_id, date_trunc('month', bucket)
