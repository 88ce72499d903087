-- Closes the open alarms of what is not watched any more: the device left, or its rule was switched off.
update alarm
set cleared_at = greatest(%(now)s, raised_at), detail = detail || '; not watched any more'
where cleared_at is null
    and not exists (
        select
        from unnest(%(rules)s::text[], %(devices)s::integer[]) as watched (rule, device_id)
        where watched.rule = alarm.rule and watched.device_id = alarm.device_id
    )
