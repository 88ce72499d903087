-- Refused messages by the time they last came, without what they said: payload, topic and detail may name persons, and so
-- may the name of a device that is in no city file.
create view grafana.quarantine as
select q.quarantine_id, s.city, nullif(q.sender, '') as device, q.reason, q.field, q.readings, q.occurrences,
    q.first_received_at, q.last_received_at as time
from public.quarantine q
join public.source s using (source_id)
