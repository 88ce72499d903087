-- Makes everything due that is known of the members of residual series, or that was computed of them.
insert into kpi_residual_due (series_id, from_time, to_time)
select wanted.residual_id, min(known.first), max(known.last)
from unnest(%(residuals)s::integer[], %(members)s::integer[]) as wanted (residual_id, member_id)
cross join lateral (
    (select bucket as first, bucket_end as last from rollup
        where period = 'hour' and series_id = wanted.member_id order by bucket limit 1)
    union all
    (select bucket, bucket_end from rollup
        where period = 'hour' and series_id = wanted.member_id order by bucket desc limit 1)
    union all
    (select bucket, bucket_end from kpi_residual
        where period = 'hour' and series_id = wanted.residual_id order by bucket limit 1)
    union all
    (select bucket, bucket_end from kpi_residual
        where period = 'hour' and series_id = wanted.residual_id order by bucket desc limit 1)
) as known
group by wanted.residual_id
on conflict do nothing
