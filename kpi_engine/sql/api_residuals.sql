-- Residuals of a series in a half-open range, times in microseconds.
select
    (extract(epoch from bucket) * 1000000)::bigint as start,
    (extract(epoch from bucket_end) * 1000000)::bigint as end,
    value, reference, estimated, reason
from kpi_residual
where period = %(period)s
    and series_id = %(series_id)s
    and bucket >= %(start)s
    and bucket < %(end)s
order by bucket
