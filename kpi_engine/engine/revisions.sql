-- name: supersede
-- Ends the validity of revisions that are replaced.
update kpi_value set superseded_at = %(at)s where value_id = any(%(value_ids)s)

-- name: value_copy
-- Writes new revisions of figures.
copy kpi_value (
    kpi, city_id, site_id, period, period_start, period_end, value, lower, upper, unit, coverage, estimated_share, status, reason,
    through, factors, inputs, inputs_hash, rule_version, rests_from, rests_on_first, code_version, revision, computed_at, cause, cause_detail
) from stdin

-- name: recomputation_copy
-- Records which figures were recomputed, why, and whether they changed.
copy kpi_recomputation (kpi, city_id, site_id, period, period_start, cause, cause_detail, changed, computed_at) from stdin

-- name: current_periods
-- The periods of which a subject has current figures.
select distinct
    period,
    (extract(epoch from period_start) * 1000000)::bigint as start_us,
    (extract(epoch from period_end) * 1000000)::bigint as end_us
from kpi_value
where city_id = %(city_id)s
    and site_id is not distinct from %(site_id)s
    and superseded_at is null

-- name: supersede_periods
-- Ends the validity of a subject's figures of given periods.
update kpi_value v
set superseded_at = %(at)s
from unnest(%(periods)s::text[], %(starts)s::bigint[]) as former (period, start_us)
where v.city_id = %(city_id)s
    and v.site_id is not distinct from %(site_id)s
    and v.period = former.period
    and v.period_start = timestamptz 'epoch' + former.start_us * interval '1 microsecond'
    and v.superseded_at is null

-- name: newest_revisions
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
    inputs_hash, through, rule_version
from found
