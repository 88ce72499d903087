-- Records who has seen an alarm; the first one stays.
update alarm set acknowledged_at = %(now)s, acknowledged_by = %(by)s where alarm_id = %(alarm_id)s and acknowledged_at is null
