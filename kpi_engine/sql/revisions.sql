-- All revisions of the figure that one value belongs to, oldest first.
select
    v.value_id, v.kpi, city.name as city, site.name as site, v.period, v.period_start, v.period_end, v.value,
    v.lower, v.upper, v.unit, v.coverage, v.estimated_share, v.status, v.reason, v.through, v.factors, v.inputs_hash, v.rule_version,
    v.code_version, v.revision, v.computed_at, v.superseded_at,
    v.cause, v.cause_detail, now_due.due
from kpi_value asked
join kpi_value v
    on v.kpi = asked.kpi
    and v.city_id = asked.city_id
    and (v.site_id = asked.site_id or (asked.site_id is null and v.site_id is null))
    and v.period = asked.period
    and v.period_start = asked.period_start
join kpi_value_due now_due on now_due.value_id = v.value_id
join city on city.city_id = v.city_id
left join site on site.site_id = v.site_id
where asked.value_id = %(value_id)s
order by v.revision
