-- name: kinds
-- The numbers of indicators over kinds of periods.
select k.kind_id, k.kpi, k.period
from unnest(%(kpis)s::text[], %(periods)s::text[]) as wanted (kpi, period)
join figure_kind k using (kpi, period)

-- name: kinds_add
-- Gives numbers to those that have none.
insert into figure_kind (kpi, period)
select kpi, period from unnest(%(kpis)s::text[], %(periods)s::text[]) as wanted (kpi, period) order by kpi, period
on conflict do nothing

-- name: editions
-- The numbers of units, rules and code.
select e.edition_id, e.unit, e.rule_version, e.code_version
from unnest(%(units)s::text[], %(rules)s::text[], %(codes)s::text[]) as wanted (unit, rule_version, code_version)
join figure_edition e using (unit, rule_version, code_version)

-- name: editions_add
-- Gives numbers to those that have none.
insert into figure_edition (unit, rule_version, code_version)
select unit, rule_version, code_version
from unnest(%(units)s::text[], %(rules)s::text[], %(codes)s::text[]) as wanted (unit, rule_version, code_version)
order by unit, rule_version, code_version
on conflict do nothing
