-- name: alarm_series
-- The series of some devices.
select series_id, device_id from series where device_id = any(%(devices)s::integer[])

-- name: alarm_devices
-- The devices that an alarm stands for, or is of.
select m.device_id
from alarm_member m
join alarm a using (alarm_id)
where m.alarm_id = %(alarm_id)s and (m.left_at is null or a.cleared_at is not null)
union
select device_id
from alarm
where alarm_id = %(alarm_id)s and not exists (select from alarm_member m where m.alarm_id = %(alarm_id)s)

-- name: alarm_figures
-- The current figures of the day and the month that hold a time, of some indicators and subjects (site 0: the city).
select
    v.value_id, v.kpi, c.name as city, subject.site, subject."group", v.period, v.period_start, v.period_end, v.value, v.unit, v.coverage, v.status,
    v.reason, wanted.count as devices
from unnest(%(kpis)s::text[], %(cities)s::integer[], %(sites)s::integer[], %(counts)s::integer[])
    as wanted (kpi, city_id, site_id, count)
cross join unnest(array['day', 'month']) as period
cross join lateral (
    select f.value_id
    from figure f
    where f.kind_id = (select k.kind_id from figure_kind k where k.kpi = wanted.kpi and k.period = period.period)
        and f.city_id = wanted.city_id
        and f.site_id is not distinct from nullif(wanted.site_id, 0)
        and f.superseded_at is null
        and f.period_start <= %(now)s
        and f.period_start + f.length * interval '1 second' > %(now)s
    order by f.period_start desc
    limit 1
) found
join kpi_value v on v.value_id = found.value_id
join city c on c.city_id = v.city_id
left join figure_subject subject on subject.site_id = v.site_id
order by subject.site is not null, subject."group" is not null, v.kpi, subject.site, subject."group", v.period
