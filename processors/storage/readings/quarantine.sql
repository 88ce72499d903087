-- name: quarantine_add
-- Keep refused messages that were not known yet; returns their digests.
insert into quarantine (digest, source_id, city, device, sender, topic, reason, field, detail, payload, readings,
                        occurrences, first_received_at, last_received_at, origin, receipts)
select digest, source_id, city, device, sender, topic, reason, field, detail, payload, readings, occurrences, first, last,
    origin, receipts::timestamptz[]
from unnest(%(digest)s::bytea[], %(source_id)s::smallint[], %(city)s::text[], %(device)s::text[],
                     %(sender)s::text[], %(topic)s::text[], %(reason)s::text[], %(field)s::text[], %(detail)s::text[],
                     %(payload)s::bytea[], %(readings)s::integer[], %(occurrences)s::integer[],
                     %(first)s::timestamptz[], %(last)s::timestamptz[], %(origin)s::text[], %(receipts)s::text[])
    as refused (digest, source_id, city, device, sender, topic, reason, field, detail, payload, readings, occurrences,
                first, last, origin, receipts)
on conflict (digest) do nothing
returning digest

-- name: quarantine_again
-- Count refused messages that came again; what had expired of them is there again, where there is room for it.
update quarantine
set occurrences = quarantine.occurrences + again.occurrences,
    first_received_at = least(quarantine.first_received_at, again.first),
    last_received_at = greatest(quarantine.last_received_at, again.last),
    payload = coalesce(quarantine.payload, again.payload),
    detail = coalesce(quarantine.detail, again.detail),
    topic = coalesce(nullif(quarantine.topic, ''), again.topic),
    device = coalesce(quarantine.device, again.device),
    origin = coalesce(quarantine.origin, again.origin),
    receipts = (
        coalesce(quarantine.receipts, case when quarantine.payload is not null then array[quarantine.first_received_at] end,
                 '{}') || again.receipts::timestamptz[]
    )[1:%(most)s]
from unnest(%(digest)s::bytea[], %(occurrences)s::integer[], %(first)s::timestamptz[], %(last)s::timestamptz[],
            %(payload)s::bytea[], %(detail)s::text[], %(topic)s::text[], %(device)s::text[], %(origin)s::text[],
            %(receipts)s::text[])
    as again (digest, occurrences, first, last, payload, detail, topic, device, origin, receipts)
where quarantine.digest = again.digest

-- name: quarantine_sum_up
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

-- name: quarantine_known
-- Which of these refused messages are kept already, and whether with their payload.
select digest, payload is not null from quarantine where digest = any(%(digests)s::bytea[])

-- part: quarantine_wanted
-- Which refused messages a filter means.
and (%(city)s::text is null or quarantine.city = %(city)s)
and (%(cities)s::text[] is null or quarantine.city = any(%(cities)s))
and (%(device)s::text is null or device = %(device)s)
and (%(reason)s::text is null or reason = %(reason)s)
and (%(origin)s::text is null or origin = %(origin)s)
and (%(from_time)s::timestamptz is null or last_received_at >= %(from_time)s)
and (%(to_time)s::timestamptz is null or last_received_at < %(to_time)s)
and (%(quarantine_id)s::bigint is null or quarantine_id = %(quarantine_id)s)

-- name: quarantine_list
-- Refused messages, the latest first, of one city, device, reason and time or of all, from one on.
select quarantine_id, last_received_at, first_received_at, coalesce(quarantine.city, source.city), device, source.name,
       topic, reason, field, detail, readings, occurrences, is_summary, payload
from quarantine join source using (source_id)
where (%(after)s::timestamptz is null or (last_received_at, quarantine_id) < (%(after)s, %(after_number)s::bigint))
    -- include: processors.storage.readings.quarantine.quarantine_wanted
order by last_received_at desc, quarantine_id desc
limit %(limit)s

-- name: quarantine_expire
-- Clear the payloads of some refused messages that last came before an instant, and every word that came with them, but
-- for those being written now. A topic that names no device of a city file is such a word, and so is who sent it.
update quarantine
set payload = null,
    detail = null,
    receipts = null,
    origin = null,
    topic = case when sender = '' then '' else topic end,
    device = case when sender = '' then null else device end
where quarantine_id in (
    select quarantine_id
    from quarantine
    where (payload is not null or origin is not null) and last_received_at < %(before)s
    order by last_received_at
    limit %(limit)s
    for update skip locked
)
