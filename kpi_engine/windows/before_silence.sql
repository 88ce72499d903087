-- name: read_before
-- From when to when series were read before given instants, microseconds; those that were not are left out.
select
    asked.series_id,
    (extract(epoch from asked.instant) * 1000000)::bigint as instant_us,
    (extract(epoch from earliest.known) * 1000000)::bigint as first_us,
    (extract(epoch from latest.known) * 1000000)::bigint as last_us
from unnest(%(series)s::integer[], %(ends)s::timestamptz[]) as asked (series_id, instant)
cross join lateral (
    select r.covered_from as known
    from rollup r
    where r.period = 'hour' and r.series_id = asked.series_id and r.bucket < asked.instant and r.covered_from is not null
    order by r.bucket
    limit 1
) as earliest
cross join lateral (
    select r.covered_to as known
    from rollup r
    where r.period = 'hour' and r.series_id = asked.series_id and r.bucket < asked.instant and r.covered_to is not null
    order by r.bucket desc
    limit 1
) as latest
