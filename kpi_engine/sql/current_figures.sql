-- The current revision of given figures; cities and sites apart, because an index finds null only when asked for it.
with wanted as (
    select kpi, city_id, site_id, period, timestamptz 'epoch' + start_us * interval '1 microsecond' as period_start
    from unnest(
        %(kpis)s::text[], %(cities)s::smallint[], %(sites)s::integer[], %(periods)s::text[], %(starts)s::bigint[]
    ) as w (kpi, city_id, site_id, period, start_us)
),
found as (
    select v.*
    from wanted w
    join kpi_value v using (kpi, city_id, site_id, period, period_start)
    where v.superseded_at is null
    union all
    select v.*
    from wanted w
    join kpi_value v using (kpi, city_id, period, period_start)
    where w.site_id is null and v.site_id is null and v.superseded_at is null
)
select
    kpi, city_id, site_id, period, (extract(epoch from period_start) * 1000000)::bigint as start_us,
    value_id, revision, value, coverage, estimated_share, status, reason, inputs_hash
from found
