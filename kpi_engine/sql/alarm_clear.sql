-- Closes the open alarms of a rule.
update alarm
set cleared_at = greatest(cleared.at, alarm.raised_at)
from unnest(%(devices)s::integer[], %(times)s::timestamptz[]) as cleared (device_id, at)
where alarm.rule = %(rule)s and alarm.device_id = cleared.device_id and alarm.cleared_at is null
