-- Refused messages by the time they last came, without what they said: payload, topic and detail may name persons.
create view grafana.quarantine as
select quarantine_id, city, device, reason, readings, occurrences, first_received_at, last_received_at as time
from public.quarantine
