-- What rules were waiting out when it was last written down.
select rule, device_id, held, held_count, since, seen, held_since, held_seen from alarm_watch
