-- The newest revision of given figures; cities and sites apart, because an index finds null only when asked for it.
with wanted as (
    select kpi, city_id, site_id, period, timestamptz 'epoch' + start_us * interval '1 microsecond' as period_start
    from unnest(
        %(kpis)s::text[], %(cities)s::smallint[], %(sites)s::integer[], %(periods)s::text[], %(starts)s::bigint[]
    ) as w (kpi, city_id, site_id, period, start_us)
),
found as (
    select newest.*
    from wanted w
    cross join lateral (
        select v.*
        from kpi_value v
        where (v.kpi, v.city_id, v.site_id, v.period, v.period_start)
            = (w.kpi, w.city_id, w.site_id, w.period, w.period_start)
        order by v.revision desc
        limit 1
    ) as newest
    where w.site_id is not null
    union all
    select newest.*
    from wanted w
    cross join lateral (
        select v.*
        from kpi_value v
        where (v.kpi, v.city_id, v.period, v.period_start) = (w.kpi, w.city_id, w.period, w.period_start)
            and v.site_id is null
        order by v.revision desc
        limit 1
    ) as newest
    where w.site_id is null
)
select
    kpi, city_id, site_id, period, (extract(epoch from period_start) * 1000000)::bigint as start_us,
    value_id, revision, superseded_at is null as is_current, value, lower, upper, coverage, estimated_share, status, reason,
    inputs_hash, rule_version
from found
