-- name: limited_figures
-- Of each indicator and period of a city (site null) or a site the newest figure of a period that has ended; whole ones only.
select w.number, v.period_start, v.value, v.lower, v.upper, v.unit
from unnest(%(kpis)s::text[], %(periods)s::text[], %(cities)s::text[], %(sites)s::text[])
    with ordinality as w (kpi, period, city, site, number)
join city c on c.name = w.city
left join site s on s.city_id = c.city_id and s.name = w.site
cross join lateral (
    select f.value_id
    from figure f
    where f.kind_id = (select k.kind_id from figure_kind k where k.kpi = w.kpi and k.period = w.period)
        and f.city_id = c.city_id
        and f.site_id is not distinct from s.site_id
        and f.superseded_at is null
        and f.period_start + f.length * interval '1 second' <= %(now)s
    order by f.period_start desc
    limit 1
) newest
join kpi_value v on v.value_id = newest.value_id
where (w.site is null or s.site_id is not null) and v.through >= v.period_end

-- name: figure_alarm_raise
-- Opens the alarm of a limit or a target; one that is open already stays as it is.
insert into alarm (rule, severity, device_id, raised_at, value, threshold, unit, detail, title, remedy)
values (%(rule)s, %(severity)s, %(device_id)s, %(now)s, %(value)s, %(threshold)s, %(unit)s, %(detail)s, %(title)s, %(remedy)s)
on conflict (rule, device_id) where cleared_at is null do nothing

-- name: figure_alarm_clear
-- Closes it.
update alarm
set cleared_at = greatest(%(now)s, raised_at)
where rule = %(rule)s and device_id = %(device_id)s and cleared_at is null
