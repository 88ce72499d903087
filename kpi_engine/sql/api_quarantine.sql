-- The refused messages that came last; one that came again is counted, not repeated.
select quarantine_id, city, device, topic, reason, detail, readings, occurrences, first_received_at, last_received_at,
    payload
from quarantine
where %(cities)s::text[] is null or city = any(%(cities)s)
order by last_received_at desc, quarantine_id desc
limit %(limit)s
