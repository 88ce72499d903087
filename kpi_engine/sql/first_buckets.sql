-- The first hour known of each series.
select wanted.series_id, (extract(epoch from earliest.bucket) * 1000000)::bigint as start_us
from unnest(%(series)s::integer[]) as wanted (series_id)
cross join lateral (
    select r.bucket
    from rollup r
    where r.period = 'hour' and r.series_id = wanted.series_id
    order by r.bucket
    limit 1
) as earliest
