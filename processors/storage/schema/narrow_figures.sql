-- name: wide_figures
-- The first figures that are in wide rows still: their names, what they say, and the rest as narrow rows have it.
select
    kpi, period, unit, rule_version, code_version, inputs::text, nullif(factors::text, '[]'), reason, cause, cause_detail,
    value_id, city_id, site_id, period_start, extract(epoch from period_end - period_start)::integer,
    nullif(through, period_end), value, lower, upper, coverage, estimated_share, left(status, 1), decode(inputs_hash, 'hex'),
    revision, computed_at, superseded_at, rests_from, rests_on_first
from kpi_value_wide
order by value_id
limit %(limit)s

-- name: figure_copy
-- Writes narrow rows.
copy figure (
    kind_id, edition_id, batch_id, place, factors_id, reason_id, cause_id, detail_id,
    value_id, city_id, site_id, period_start, length, through, value, lower, upper, coverage, estimated_share, status,
    inputs_hash, revision, computed_at, superseded_at, rests_from, rests_on_first
) from stdin

-- name: wide_figures_done
-- Forgets the wide rows of figures that were moved.
delete from kpi_value_wide where value_id <= %(last)s

-- name: records_kinds
-- What the first records are of.
select distinct kpi, period from (select * from kpi_recomputation_wide order by recomputation_id limit %(limit)s) as first

-- name: records_texts
-- What the first records say.
select distinct told.text
from (select * from kpi_recomputation_wide order by recomputation_id limit %(limit)s) as first
cross join lateral (values (cause), (cause_detail)) as told (text)

-- name: records_move
-- Moves the first records of recomputations: those that followed each other for one cause are one row.
with taken as (
    delete from kpi_recomputation_wide
    where recomputation_id in (
        select recomputation_id from kpi_recomputation_wide order by recomputation_id limit %(limit)s
    )
    returning *
),
numbered as (
    select
        t.*, k.kind_id, cause.text_id as cause_id, detail.text_id as detail_id,
        recomputation_id - row_number() over (
            partition by t.computed_at, t.city_id, t.changed, t.cause order by t.recomputation_id
        ) as run
    from taken t
    join unnest(%(kpis)s::text[], %(periods)s::text[], %(kind_ids)s::integer[]) as k (kpi, period, kind_id)
        using (kpi, period)
    join unnest(%(texts)s::text[], %(text_ids)s::integer[]) as cause (text, text_id) on cause.text = t.cause
    left join unnest(%(texts)s::text[], %(text_ids)s::integer[]) as detail (text, text_id) on detail.text = t.cause_detail
),
placed as (
    select *, (row_number() over one_run - 1) / 4096 as part
    from numbered
    window one_run as (partition by computed_at, city_id, changed, cause_id, run order by recomputation_id)
)
insert into figure_log (first_id, computed_at, cause_id, city_id, changed, kinds, sites, starts, details)
overriding system value
select
    min(recomputation_id), computed_at, cause_id, city_id, changed,
    array_agg(kind_id::smallint order by recomputation_id), array_agg(site_id order by recomputation_id),
    array_agg(period_start order by recomputation_id),
    case when count(detail_id) > 0 then array_agg(detail_id order by recomputation_id) end
from placed
group by computed_at, city_id, changed, cause_id, run, part
