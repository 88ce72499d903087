-- name: supersede
-- Ends the validity of revisions that are replaced.
update figure set superseded_at = %(at)s where value_id = any(%(value_ids)s)

-- name: figure_copy
-- Writes new revisions of figures.
copy figure (
    kind_id, city_id, site_id, period_start, length, value, lower, upper, coverage, estimated_share, status, inputs_hash,
    rests_from, rests_on_first, edition_id, revision, computed_at, batch_id, place, factors_id, reason_id, cause_id, detail_id,
    through
) from stdin (format binary)

-- name: log_copy
-- Records which figures were recomputed, why, and whether they changed.
copy figure_log (computed_at, cause_id, city_id, changed, kinds, sites, starts, details) from stdin

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
update figure f
set superseded_at = %(at)s
from unnest(%(periods)s::text[], %(starts)s::bigint[]) as former (period, start_us)
join figure_kind k using (period)
where f.kind_id = k.kind_id
    and f.city_id = %(city_id)s
    and f.site_id is not distinct from %(site_id)s
    and f.period_start = timestamptz 'epoch' + former.start_us * interval '1 microsecond'
    and f.superseded_at is null

-- name: newest_revisions
-- The newest revision of given figures: the current one, else the last that was superseded. Cities and sites apart,
-- because an index finds null only when asked for it.
with wanted as (
    select
        k.kind_id, w.city_id::smallint as city_id, nullif(w.site_id, 0)::integer as site_id,
        timestamptz 'epoch' + w.start_us * interval '1 microsecond' as period_start
    from unnest(
        %(kpi)s::bigint[], %(city)s::bigint[], %(site)s::bigint[], %(period)s::bigint[], %(start)s::bigint[]
    ) as w (kpi, city_id, site_id, period, start_us)
    join figure_kind k on (k.kpi, k.period) = ((%(kpis)s::text[])[w.kpi], (%(periods)s::text[])[w.period])
),
present as materialized (
    select found.*
    from wanted w
    cross join lateral (
        select
            v.kind_id, v.kpi, v.city_id, v.site_id, v.period, v.period_start, v.value_id, v.revision, v.superseded_at, v.value,
            v.lower, v.upper, v.coverage, v.estimated_share, v.status, v.reason, v.inputs_hash, v.through, v.rule_version
        from kpi_value v
        where (v.kind_id, v.city_id, v.site_id, v.period_start) = (w.kind_id, w.city_id, w.site_id, w.period_start)
            and v.superseded_at is null
        limit 1 -- there is no other, and it is looked up whatever the planner knows of a table that has just grown
    ) as found
    union all
    select found.*
    from wanted w
    cross join lateral (
        select
            v.kind_id, v.kpi, v.city_id, v.site_id, v.period, v.period_start, v.value_id, v.revision, v.superseded_at, v.value,
            v.lower, v.upper, v.coverage, v.estimated_share, v.status, v.reason, v.inputs_hash, v.through, v.rule_version
        from kpi_value v
        where (v.kind_id, v.city_id, v.period_start) = (w.kind_id, w.city_id, w.period_start)
            and v.site_id is null and v.superseded_at is null
        limit 1
    ) as found
    where w.site_id is null
),
missing as materialized (
    select * from wanted
    except
    select kind_id, city_id, site_id, period_start from present
),
newest as (
    select
        v.kpi, v.city_id, v.site_id, v.period, v.period_start, v.value_id, v.revision, v.superseded_at, v.value, v.lower,
        v.upper, v.coverage, v.estimated_share, v.status, v.reason, v.inputs_hash, v.through, v.rule_version
    from present v
    union all
    select last.*
    from missing w
    cross join lateral (
        select
            v.kpi, v.city_id, v.site_id, v.period, v.period_start, v.value_id, v.revision, v.superseded_at, v.value,
            v.lower, v.upper, v.coverage, v.estimated_share, v.status, v.reason, v.inputs_hash, v.through, v.rule_version
        from kpi_value v
        where (v.kind_id, v.city_id, v.site_id, v.period_start) = (w.kind_id, w.city_id, w.site_id, w.period_start)
            and v.superseded_at is not null
        order by v.revision desc
        limit 1
    ) as last
    where w.site_id is not null
    union all
    select last.*
    from missing w
    cross join lateral (
        select
            v.kpi, v.city_id, v.site_id, v.period, v.period_start, v.value_id, v.revision, v.superseded_at, v.value,
            v.lower, v.upper, v.coverage, v.estimated_share, v.status, v.reason, v.inputs_hash, v.through, v.rule_version
        from kpi_value v
        where (v.kind_id, v.city_id, v.period_start) = (w.kind_id, w.city_id, w.period_start)
            and v.site_id is null and v.superseded_at is not null
        order by v.revision desc
        limit 1
    ) as last
    where w.site_id is null
)
select
    kpi, city_id, site_id, period, (extract(epoch from period_start) * 1000000)::bigint as start_us,
    value_id, revision, superseded_at is null as is_current, value, lower, upper, coverage, estimated_share, status, reason,
    inputs_hash, through, rule_version
from newest
