-- Count refused messages that came again; a payload that had expired is there again.
update quarantine
set occurrences = quarantine.occurrences + again.occurrences,
    first_received_at = least(quarantine.first_received_at, again.first),
    last_received_at = greatest(quarantine.last_received_at, again.last),
    payload = coalesce(quarantine.payload, again.payload)
from unnest(%(digest)s::bytea[], %(occurrences)s::integer[], %(first)s::timestamptz[], %(last)s::timestamptz[],
            %(payload)s::bytea[]) as again (digest, occurrences, first, last, payload)
where quarantine.digest = again.digest
