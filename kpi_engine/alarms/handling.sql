-- name: alarm_acknowledge
-- Records who has seen alarms; the first one of each stays, and what else is said is a comment.
with seen as (
    update alarm
    set acknowledged_at = %(now)s, acknowledged_by = %(by)s
    where alarm_id = any(%(alarms)s::bigint[]) and acknowledged_at is null
    returning alarm_id
)
insert into alarm_note (alarm_id, at, by, action, text)
select one, %(now)s, %(by)s, case when seen.alarm_id is null then 'commented' else 'acknowledged' end, %(text)s
from unnest(%(alarms)s::bigint[]) as one
left join seen on seen.alarm_id = one
where seen.alarm_id is not null or %(text)s::text is not null

-- name: alarm_comment
-- Records what somebody has to say of alarms.
insert into alarm_note (alarm_id, at, by, action, text)
select one, %(now)s, %(by)s, 'commented', %(text)s from unnest(%(alarms)s::bigint[]) as one

-- name: alarm_shelve
-- Puts the rules of alarms out of sight at their devices until a time.
with shelved as (
    insert into alarm_shelf (rule, device_id, shelved_at, until, by, reason)
    select rule, device_id, %(now)s, %(until)s, %(by)s, %(text)s
    from alarm
    where alarm_id = any(%(alarms)s::bigint[])
    on conflict (rule, device_id) do update
    set shelved_at = excluded.shelved_at, until = excluded.until, by = excluded.by, reason = excluded.reason
)
insert into alarm_note (alarm_id, at, by, action, text, until)
select one, %(now)s, %(by)s, 'shelved', %(text)s, %(until)s from unnest(%(alarms)s::bigint[]) as one

-- name: alarm_unshelve
-- Takes alarms off the shelf before their time.
with taken as (
    update alarm_shelf h
    set until = greatest(%(now)s, h.shelved_at)
    from alarm a
    where a.alarm_id = any(%(alarms)s::bigint[]) and (h.rule, h.device_id) = (a.rule, a.device_id) and h.until > %(now)s
    returning a.alarm_id
)
insert into alarm_note (alarm_id, at, by, action, text)
select alarm_id, %(now)s, %(by)s, 'unshelved', %(text)s from taken
