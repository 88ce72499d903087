-- Values of one indicator and subject for the periods that start in a range, current or as known at an instant.
select
    v.value_id, v.kpi, city.name as city, site.name as site, v.period, v.period_start, v.period_end, v.value,
    v.lower, v.upper, v.unit, v.coverage, v.estimated_share, v.status, v.reason, v.through, v.factors, v.inputs_hash, v.rule_version,
    v.code_version, v.revision, v.computed_at, v.superseded_at,
    v.cause, v.cause_detail, now_due.due
from kpi_value v
join kpi_value_due now_due using (value_id)
join city on city.city_id = v.city_id
left join site on site.site_id = v.site_id
where v.kpi = %(kpi)s
    and v.city_id = (select c.city_id from city c where c.name = %(city)s)
    and (
        v.site_id = (select s.site_id from site s join city c using (city_id) where (c.name, s.name) = (%(city)s, %(site)s))
        or (%(site)s::text is null and v.site_id is null)
    )
    and v.period = %(period)s
    and v.period_start >= %(start)s
    and v.period_start < %(end)s
    and case
        when %(as_of)s::timestamptz is null then v.superseded_at is null
        else v.computed_at <= %(as_of)s and (v.superseded_at is null or v.superseded_at > %(as_of)s)
    end
order by v.period_start
