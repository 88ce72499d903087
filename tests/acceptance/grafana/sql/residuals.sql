-- A year of residuals in the buckets that rollups have; every tenth is not known.
insert into kpi_residual (period, series_id, bucket, bucket_end, value, reference, estimated, reason)
select
    u.period, r.series_id, u.bucket, u.bucket_end,
    case when known then 1 end, case when known then 10 end, 0, case when not known then 'a meter is silent' end
from kpi_residual_series r
cross join (
    select *, row_number() over (order by bucket) %% 10 <> 0 as known
    from rollup
    where series_id = (select min(series_id) from series) and period = %(period)s
) u
