-- name: alarm_newest
-- Of each series the newest reading that arrived while it was live, within its reach: what came late tells no alarm
-- anything. `reach` and `bound` are microseconds; `earliest` lets old chunks and partitions be left out.
select
    array_agg(coalesce(packed.time, newest.time, '-infinity') order by wanted.position),
    array_agg(coalesce(packed.value, newest.value, 'NaN') order by wanted.position)
from unnest(%(series)s::integer[], %(reach)s::bigint[], %(bound)s::bigint[]) with ordinality
    as wanted (series_id, reach, bound, position)
left join lateral (
    select o.time, o.value
    from observation o
    where o.series_id = wanted.series_id
        and o.time >= %(earliest)s
        and o.time >= %(now)s - wanted.reach * interval '1 microsecond'
        and o.received_at <= o.time + wanted.bound * interval '1 microsecond'
    order by o.time desc
    limit 1
) newest on true
left join lateral (
    select k.time, k.value
    from packed_before(
        wanted.series_id, 'infinity', coalesce(newest.time, %(now)s - wanted.reach * interval '1 microsecond')
    ) k
    where k.time >= %(earliest)s
        and k.time >= %(now)s - wanted.reach * interval '1 microsecond'
        and k.received_at <= k.time + wanted.bound * interval '1 microsecond'
    order by k.starts desc, k.time desc
    limit 1
) packed on true

-- name: alarm_left_over
-- Of each balance the newest hour that is known and ended on time: its end, and what it left over in percent of what went in.
select
    array_agg(coalesce(newest.bucket_end, '-infinity') order by wanted.position),
    array_agg(coalesce(newest.share, 'NaN') order by wanted.position)
from unnest(%(devices)s::integer[], %(quantities)s::text[]) with ordinality as wanted (device_id, quantity, position)
left join kpi_residual_series s on (s.device_id, s.quantity) = (wanted.device_id, wanted.quantity)
left join lateral (
    select r.bucket_end, 100 * r.value / r.reference as share
    from kpi_residual r
    where r.period = 'hour'
        and r.series_id = s.series_id
        and r.bucket >= %(earliest)s - interval '2 hours'
        and r.bucket_end >= %(earliest)s
        and r.reference > 0
    order by r.bucket desc
    limit 1
) newest on true

-- name: alarm_open
-- The alarms that are open, by rule and device.
select rule, device_id from alarm where cleared_at is null

-- name: alarm_watch
-- What rules were waiting out when it was last written down.
select rule, device_id, held, held_count, since, seen, held_since, held_seen from alarm_watch

-- name: alarm_watch_forget
-- Makes room for what rules wait out now.
delete from alarm_watch

-- name: alarm_watch_copy
-- Writes down what rules wait out.
copy alarm_watch (rule, device_id, held, held_count, since, seen, held_since, held_seen) from stdin

-- name: alarm_raise
-- Opens alarms; one that is open already stays as it is.
insert into alarm (rule, severity, device_id, raised_at, value, threshold, unit, detail)
select %(rule)s, %(severity)s, raised.device_id, raised.at, raised.value, raised.threshold, %(unit)s, raised.detail
from unnest(
    %(devices)s::integer[], %(times)s::timestamptz[], %(values)s::float8[], %(thresholds)s::float8[], %(details)s::text[]
) as raised (device_id, at, value, threshold, detail)
on conflict (rule, device_id) where cleared_at is null do nothing

-- name: alarm_clear
-- Closes the open alarms of a rule.
update alarm
set cleared_at = greatest(cleared.at, alarm.raised_at)
from unnest(%(devices)s::integer[], %(times)s::timestamptz[]) as cleared (device_id, at)
where alarm.rule = %(rule)s and alarm.device_id = cleared.device_id and alarm.cleared_at is null

-- name: alarm_end_unwatched
-- Closes the open alarms of what is not watched any more: the device left, or its rule was switched off.
update alarm
set cleared_at = greatest(%(now)s, raised_at), detail = detail || '; not watched any more'
where cleared_at is null
    and not exists (
        select
        from unnest(%(rules)s::text[], %(devices)s::integer[]) as watched (rule, device_id)
        where watched.rule = alarm.rule and watched.device_id = alarm.device_id
    )

-- name: alarm_members
-- Writes down which devices the open alarms of what they share stand for now: who joined, who came back, and who has left.
with standing as (
    select distinct a.alarm_id, wanted.member
    from unnest(%(rules)s::text[], %(leads)s::integer[], %(members)s::integer[]) as wanted (rule, lead, member)
    join alarm a on a.rule = wanted.rule and a.device_id = wanted.lead and a.cleared_at is null
), gone as (
    update alarm_member m
    set left_at = greatest(%(now)s, m.joined_at)
    where m.left_at is null
        and not exists (select from standing s where s.alarm_id = m.alarm_id and s.member = m.device_id)
)
insert into alarm_member (alarm_id, device_id, joined_at)
select alarm_id, member, %(now)s from standing
on conflict (alarm_id, device_id) do update set left_at = null where alarm_member.left_at is not null
