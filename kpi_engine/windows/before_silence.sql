-- name: read_before
-- From when to when series were read before given instants, microseconds; those that were not are left out.
select
    asked.series_id,
    (extract(epoch from asked.instant) * 1000000)::bigint as instant_us,
    (extract(epoch from earliest.known) * 1000000)::bigint as first_us,
    (extract(epoch from latest.known) * 1000000)::bigint as last_us
from unnest(%(series)s::integer[], %(ends)s::timestamptz[]) as asked (series_id, instant)
cross join lateral (
    (select r.covered_from as known, r.bucket from rollup_hour r
        where r.period = 'hour' and r.series_id = asked.series_id and r.bucket < asked.instant
            and r.covered_from is not null
        order by r.bucket limit 1)
    union all
    (select p.covered_from, p.bucket from rollup_packed p
        where p.series_id = asked.series_id and p.starts < asked.instant and p.bucket < asked.instant
            and p.covered_from is not null
        order by p.starts, p.bucket limit 1) -- a block at a time, until one tells
    order by bucket limit 1
) as earliest
cross join lateral (
    (select r.covered_to as known, r.bucket from rollup_hour r
        where r.period = 'hour' and r.series_id = asked.series_id and r.bucket < asked.instant
            and r.covered_to is not null
        order by r.bucket desc limit 1)
    union all
    (select p.covered_to, p.bucket from rollup_packed p
        where p.series_id = asked.series_id and p.starts < asked.instant and p.bucket < asked.instant
            and p.covered_to is not null
        order by p.starts desc, p.bucket desc limit 1)
    order by bucket desc limit 1
) as latest
