-- Opens alarms; one that is open already stays as it is.
insert into alarm (rule, severity, device_id, raised_at, value, threshold, unit, detail)
select %(rule)s, %(severity)s, raised.device_id, raised.at, raised.value, raised.threshold, %(unit)s, raised.detail
from unnest(
    %(devices)s::integer[], %(times)s::timestamptz[], %(values)s::float8[], %(thresholds)s::float8[], %(details)s::text[]
) as raised (device_id, at, value, threshold, detail)
on conflict (rule, device_id) where cleared_at is null do nothing
