-- Count refused messages beyond the quota of their sender, with all their readings, in one row for each reason.
insert into quarantine (digest, source_id, city, device, sender, topic, reason, readings, occurrences,
                        first_received_at, last_received_at, is_summary)
select digest, source_id, nullif(source.city, ''), nullif(sender, ''), sender, '', reason, readings, occurrences, first,
    last, true
from unnest(%(digest)s::bytea[], %(source_id)s::smallint[], %(sender)s::text[], %(reason)s::text[],
            %(readings)s::bigint[], %(occurrences)s::bigint[], %(first)s::timestamptz[], %(last)s::timestamptz[])
    as beyond (digest, source_id, sender, reason, readings, occurrences, first, last)
join source using (source_id)
on conflict (digest) do update
set readings = quarantine.readings + excluded.readings,
    occurrences = quarantine.occurrences + excluded.occurrences,
    first_received_at = least(quarantine.first_received_at, excluded.first_received_at),
    last_received_at = greatest(quarantine.last_received_at, excluded.last_received_at)
