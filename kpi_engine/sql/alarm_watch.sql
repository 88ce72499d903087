-- What rules were waiting out when it was last written down.
select rule, device_id, held, since, seen, held_since, held_seen from alarm_watch
