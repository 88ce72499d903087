-- Stores the staged residuals of one period, where they are new or differ.
insert into kpi_residual as r (period, series_id, bucket, bucket_end, value, reference, estimated, reason)
select %(period)s, series_id, bucket, bucket_end, value, reference, estimated, reason
from residual_staging
on conflict (period, series_id, bucket) do update
    set bucket_end = excluded.bucket_end, value = excluded.value, reference = excluded.reference,
        estimated = excluded.estimated, reason = excluded.reason
    where (r.bucket_end, r.value, r.reference, r.estimated, r.reason)
        is distinct from (excluded.bucket_end, excluded.value, excluded.reference, excluded.estimated, excluded.reason)
