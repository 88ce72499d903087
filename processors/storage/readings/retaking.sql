-- name: retaking_newest
-- The number of the last message that was refused.
select coalesce(max(quarantine_id), 0) from quarantine

-- name: retaking_next
-- The next refused messages of a choice, by number, that can be taken once more: as they came, and by a broker, since a
-- row of a file says nothing without the mapping of its file. A message of Sparkplug rests on what was said before it.
select quarantine_id
from quarantine join source using (source_id)
where payload is not null and not is_summary and source.name not like 'replay:%%' and topic <> ''
    and topic not like 'spBv1.0/%%'
    and quarantine_id > %(beyond)s and quarantine_id <= %(through)s
    -- include: processors.storage.readings.quarantine.quarantine_wanted
order by quarantine_id
limit %(limit)s

-- name: retaking_whole
-- All that was refused of the messages of some rows, by whatever reason, as it came.
with chosen as materialized (
    select distinct sha256(payload) as digest, topic, source.name as source
    from quarantine join source using (source_id)
    where quarantine_id = any(%(rows)s::bigint[])
)
select other.quarantine_id as number, source.name as source, other.topic, other.payload, other.reason, other.detail,
    other.first_received_at as first, other.receipts
from chosen
join quarantine as other on sha256(other.payload) = chosen.digest and other.topic = chosen.topic
join source on source.source_id = other.source_id and source.name = chosen.source
where other.payload is not null and not other.is_summary
order by other.first_received_at, other.quarantine_id

-- name: retaken_remove
-- Take rows out of quarantine; by source, the readings that they held, and how many those of copies were at most.
with removed as (
    delete from quarantine where quarantine_id = any(%(rows)s::bigint[])
    returning source_id, readings, occurrences
)
select source_id, sum(readings)::bigint, sum(readings * (occurrences - 1))::bigint from removed group by source_id
