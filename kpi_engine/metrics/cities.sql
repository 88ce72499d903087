-- name: metrics_figures
-- The newest closed period of every city and indicator, by kind of period: one index look-up each, sites left out. A
-- figure computed while its period was open is a part of it, and none of the closed period.
select
    city.name as city, figure.kpi, figure.period, figure.period_start, figure.period_end, city.timezone,
    figure.value, figure.unit, figure.coverage, figure.estimated_share
from city
cross join unnest(%(kpis)s::text[]) as wanted (kpi)
cross join unnest(%(periods)s::text[]) as cut (period)
cross join lateral (
    select f.value_id
    from figure f
    where f.kind_id = (select k.kind_id from figure_kind k where k.kpi = wanted.kpi and k.period = cut.period)
        and f.city_id = city.city_id
        and f.site_id is null
        and f.superseded_at is null
        and f.through is null
    order by f.period_start desc
    limit 1
) found
join kpi_value figure on figure.value_id = found.value_id

-- name: metrics_alarms
-- Open alarms by city and rule; every city is told, those without any with a null.
select c.name, a.rule, count(a.alarm_id)
from city c
left join (alarm a join device d using (device_id)) on d.city_id = c.city_id and a.cleared_at is null
group by c.name, a.rule

-- name: metrics_backlog
-- About how many marks wait for rollups and how many changed hours for figures: their range of numbers, not a count.
select
    (select coalesce(max(seq) - min(seq) + 1, 0) from observation_mark),
    (select coalesce(max(seq) - min(seq) + 1, 0) from rollup_mark)
