-- The newest two current values of each indicator, period and city as a whole.
select
    v.value_id, v.kpi, c.name as city, null as site, v.period, v.period_start, v.period_end, v.value,
    v.lower, v.upper, v.unit, v.coverage, v.estimated_share, v.status, v.reason, v.through, v.factors, v.inputs_hash, v.rule_version,
    v.code_version, v.revision, v.computed_at, v.superseded_at,
    v.cause, v.cause_detail, now_due.due
from city c
cross join unnest(%(kpis)s::text[]) as kpi
cross join unnest(array['day', 'month', 'year']) as period
cross join lateral (
    select *
    from kpi_value newest
    where newest.kpi = kpi.kpi
        and newest.city_id = c.city_id
        and newest.site_id is null
        and newest.period = period.period
        and newest.superseded_at is null
    order by newest.period_start desc
    limit 2
) v
join kpi_value_due now_due on now_due.value_id = v.value_id
where %(cities)s::text[] is null or c.name = any(%(cities)s)
order by c.name, v.kpi, v.period, v.period_start
