-- part: alarms_told
-- Alarms `a` as people are told of them: with names and titles of what they are of, and with the shelf they may lie on.
select
    a.alarm_id, c.name as city, s.name as site, s.vertical, d.name as device, d.title as device_title,
    a.rule, a.severity, a.raised_at, a.cleared_at, a.acknowledged_at, a.acknowledged_by,
    a.value, a.threshold, a.unit, a.detail, a.title, a.remedy,
    (
        select count(*) from alarm_member m where m.alarm_id = a.alarm_id and (m.left_at is null or a.cleared_at is not null)
    ) as members,
    h.until as shelved_until, h.by as shelved_by, h.reason as shelf_reason
from alarm a
join device d using (device_id)
join site s on s.site_id = d.site_id
join city c on c.city_id = d.city_id
left join alarm_shelf h on h.rule = a.rule and h.device_id = a.device_id and a.cleared_at is null

-- name: alarms
-- Alarms of some cities (null: all), the newest first; by default all there ever were. `before_time` and `before_id` are
-- where the page before ended.
-- include: kpi_engine.alarms.journal.alarms_told
where (%(cities)s::text[] is null or c.name = any(%(cities)s))
    and (%(device)s::text is null or d.name = %(device)s)
    and (%(site)s::text is null or s.name = %(site)s)
    and (%(vertical)s::text is null or s.vertical = %(vertical)s)
    and (%(rule)s::text is null or a.rule = %(rule)s)
    and (%(severities)s::text[] is null or a.severity = any(%(severities)s))
    and (%(alarms)s::bigint[] is null or a.alarm_id = any(%(alarms)s))
    and (
        %(before_time)s::timestamptz is null
        or a.raised_at <= %(before_time)s
        and (a.raised_at, a.alarm_id) < (%(before_time)s, %(before_id)s::bigint)
    )
    and (not %(is_open)s or a.cleared_at is null)
    and (not %(is_unacknowledged)s or a.acknowledged_at is null)
    and (
        %(states)s::text[] is null
        or %(states)s::text[] && case
            when a.cleared_at is not null then array['cleared']
            when h.until > %(now)s then array['shelved']
            when a.acknowledged_at is null then array['standing', 'unacknowledged']
            else array['standing', 'acknowledged']
        end
    )
order by a.raised_at desc, a.alarm_id desc
limit %(limit)s

-- name: alarm_members_of
-- Devices that an alarm stands for, by their names; of an open one those that it stands for now.
select d.name as device, d.title as device_title, s.name as site, s.vertical, m.joined_at, m.left_at
from alarm_member m
join alarm a using (alarm_id)
join device d on d.device_id = m.device_id
join site s on s.site_id = d.site_id
where m.alarm_id = %(alarm_id)s
    and d.name > %(after)s
    and (m.left_at is null or a.cleared_at is not null)
order by d.name
limit %(limit)s

-- name: alarm_notes_of
-- What people did about an alarm, in order.
select note_id, at, by, action, text, until
from alarm_note
where alarm_id = %(alarm_id)s and note_id > %(after)s
order by note_id
limit %(limit)s
