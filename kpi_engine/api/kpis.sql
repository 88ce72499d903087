-- name: api_kpi_newest
-- The newest two current values of each indicator, period and city as a whole.
select
    v.value_id, v.kpi, c.name as city, c.timezone as zone, null as site, null as "group", v.period, v.period_start,
    v.period_end, v.value,
    v.lower, v.upper, v.unit, v.coverage, v.estimated_share, v.status, v.reason, v.through, v.factors, v.inputs_hash, v.rule_version,
    v.code_version, v.revision, v.computed_at, v.superseded_at,
    v.cause, v.cause_detail, v.due
from city c
cross join unnest(%(kpis)s::text[]) as kpi
cross join unnest(array['day', 'month', 'year']) as period
cross join lateral (
    select newest.value_id
    from figure newest
    where newest.kind_id = (
            select k.kind_id from figure_kind k where k.kpi = kpi.kpi and k.period = period.period
        )
        and newest.city_id = c.city_id
        and newest.site_id is null
        and newest.superseded_at is null
    order by newest.period_start desc
    limit 2
) found
join kpi_value v on v.value_id = found.value_id
where %(cities)s::text[] is null or c.name = any(%(cities)s)
order by c.name, v.kpi, v.period, v.period_start

-- name: api_left_out
-- How many readings of some series of a city are left out of whole days, or of more than them, in a half-open range.
select d.name as device, r.quantity, sum(u.rejected)::integer as rejected
from rollup u
join series r using (series_id)
join device d using (device_id)
join city c on c.city_id = d.city_id
where c.name = %(city)s
    and (d.name = any(%(devices)s) and r.quantity = any(%(quantities)s) or d.name || '/' || r.quantity = any(%(series)s))
    and u.period = 'day' and u.bucket >= %(start)s and u.bucket < %(end)s and u.rejected > 0
group by d.name, r.quantity
order by d.name, r.quantity
