-- part: unfinished
-- Alarms that are open, and those of whose end somebody is yet to be told.
select alarm_id from alarm where cleared_at is null
union
select n.alarm_id
from alarm_notification n
where n.sent_at > now() - interval '30 days'
group by n.alarm_id, n.receiver
having not bool_or(n.occasion = 'cleared')

-- name: alarms_to_tell
-- Alarms that are open, and those of whose end somebody is yet to be told, with what a message says of them.
-- include: kpi_engine.alarms.journal.alarms_told
where a.alarm_id in (
    -- include: deploy.notifications.record.unfinished
)

-- name: alarms_told
-- Who was told of those alarms, and when.
select n.alarm_id, n.receiver, n.occasion, n.sent_at
from (
    -- include: deploy.notifications.record.unfinished
) unfinished
join alarm_notification n using (alarm_id)

-- name: city_zones
-- The civil time of every city.
select name, timezone from city

-- name: alarm_notification_write
-- Records that a receiver was told of some alarms.
insert into alarm_notification (alarm_id, receiver, occasion, sent_at)
select alarm_id, %(receiver)s, %(occasion)s, %(at)s from unnest(%(alarms)s::bigint[]) as alarm_id

-- name: alarm_notifications
-- The last messages, the newest first.
select n.sent_at, n.receiver, n.occasion, c.name, a.rule, count(*)
from alarm_notification n
join alarm a using (alarm_id)
join device d using (device_id)
join city c on c.city_id = d.city_id
group by n.sent_at, n.receiver, n.occasion, c.name, a.rule
order by n.sent_at desc, n.receiver, n.occasion, c.name, a.rule
limit %(limit)s
