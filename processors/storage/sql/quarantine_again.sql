-- Count refused messages that came again; what had expired of them is there again, where there is room for it.
update quarantine
set occurrences = quarantine.occurrences + again.occurrences,
    first_received_at = least(quarantine.first_received_at, again.first),
    last_received_at = greatest(quarantine.last_received_at, again.last),
    payload = coalesce(quarantine.payload, again.payload),
    detail = coalesce(quarantine.detail, again.detail),
    topic = coalesce(nullif(quarantine.topic, ''), again.topic),
    device = coalesce(quarantine.device, again.device)
from unnest(%(digest)s::bytea[], %(occurrences)s::integer[], %(first)s::timestamptz[], %(last)s::timestamptz[],
            %(payload)s::bytea[], %(detail)s::text[], %(topic)s::text[], %(device)s::text[])
    as again (digest, occurrences, first, last, payload, detail, topic, device)
where quarantine.digest = again.digest
