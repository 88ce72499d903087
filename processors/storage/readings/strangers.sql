-- name: stranger_list
-- Who sent what no city file knows, the last one first, where it is not known whom it is of.
select origin, quarantine.city, source.name, array_agg(distinct reason order by reason), min(first_received_at),
    max(last_received_at), sum(occurrences)::bigint, count(*) filter (where payload is not null),
    coalesce(sum(occurrences) filter (where is_summary), 0)::bigint, coalesce(sum(octet_length(payload)), 0)::bigint
from quarantine join source using (source_id)
where origin is not null
    and (%(cities)s::text[] is null or quarantine.city = any(%(cities)s))
    and (%(origin)s::text is null or origin = %(origin)s)
group by origin, quarantine.city, source.name
having bool_or(reason in ('unknown_device', 'bad_topic'))
order by max(last_received_at) desc, origin
limit %(limit)s

-- name: stranger_samples
-- The messages of one who is not known that came last, and when.
select topic, payload, coalesce(nullif(receipts, '{}'), array[first_received_at])
from quarantine join source using (source_id)
where origin = %(origin)s and quarantine.city is not distinct from %(city)s and source.name = %(source)s
    and payload is not null
order by last_received_at desc, quarantine_id desc
limit %(limit)s
