-- Writes down what rules wait out.
copy alarm_watch (rule, device_id, held, held_count, since, seen, held_since, held_seen) from stdin
