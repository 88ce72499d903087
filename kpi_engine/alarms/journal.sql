-- part: alarms_told
-- Alarms `a` as people are told of them: with names and titles of what they are of.
select
    a.alarm_id, c.name as city, s.name as site, s.vertical, d.name as device, d.title as device_title,
    a.rule, a.severity, a.raised_at, a.cleared_at, a.acknowledged_at, a.acknowledged_by,
    a.value, a.threshold, a.unit, a.detail
from alarm a
join device d using (device_id)
join site s on s.site_id = d.site_id
join city c on c.city_id = d.city_id

-- name: alarms
-- Alarms of some cities (null: all), the newest first; by default all there ever were. `before_time` and `before_id` are
-- where the page before ended.
-- include: kpi_engine.alarms.journal.alarms_told
where (%(cities)s::text[] is null or c.name = any(%(cities)s))
    and (%(device)s::text is null or d.name = %(device)s)
    and (%(rule)s::text is null or a.rule = %(rule)s)
    and (%(alarm_id)s::bigint is null or a.alarm_id = %(alarm_id)s)
    and (
        %(before_time)s::timestamptz is null
        or a.raised_at <= %(before_time)s
        and (a.raised_at, a.alarm_id) < (%(before_time)s, %(before_id)s::bigint)
    )
    and (not %(is_open)s or a.cleared_at is null)
    and (not %(is_unacknowledged)s or a.acknowledged_at is null)
order by a.raised_at desc, a.alarm_id desc
limit %(limit)s

-- name: alarm_acknowledge
-- Records who has seen an alarm; the first one stays.
update alarm set acknowledged_at = %(now)s, acknowledged_by = %(by)s where alarm_id = %(alarm_id)s and acknowledged_at is null
