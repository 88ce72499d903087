-- Count refused messages that came again.
update quarantine
set occurrences = quarantine.occurrences + again.occurrences,
    first_received_at = least(quarantine.first_received_at, again.first),
    last_received_at = greatest(quarantine.last_received_at, again.last)
from unnest(%(digest)s::bytea[], %(occurrences)s::integer[], %(first)s::timestamptz[], %(last)s::timestamptz[])
    as again (digest, occurrences, first, last)
where quarantine.digest = again.digest
