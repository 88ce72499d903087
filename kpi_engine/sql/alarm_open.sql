-- The alarms that are open, by rule and device.
select rule, device_id from alarm where cleared_at is null
