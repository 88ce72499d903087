-- name: quarantine_held
-- How many messages of some senders are kept with their payload, and how many bytes those have.
select source_id, sender, count(*), sum(octet_length(payload))::bigint
from quarantine
where payload is not null
    and (source_id, sender) in (select * from unnest(%(source_id)s::smallint[], %(sender)s::text[]))
group by source_id, sender

-- name: quarantine_make_room
-- Take the oldest of strangers out where more is kept than may be, and count it: what is beyond the share of its sender
-- under that sender, what all of them together have too much without a name, since anybody can invent names.
with held as (
    select quarantine_id,
        row_number() over own > %(messages)s or sum(octet_length(payload)) over own > %(size)s as is_beyond_own,
        row_number() over every > %(all_messages)s or sum(octet_length(payload)) over every > %(all_size)s
            as is_beyond_all
    from quarantine
    where sender = '' and payload is not null and source_id = any(%(sources)s::smallint[])
    window own as (partition by source_id, city, origin order by last_received_at desc, quarantine_id desc),
        every as (partition by source_id order by last_received_at desc, quarantine_id desc)
), beyond as (
    select * from held where is_beyond_own or is_beyond_all
), dropped as (
    delete from quarantine using beyond
    where quarantine.quarantine_id = beyond.quarantine_id
    returning source_id, case when is_beyond_own then city end as city,
        case when is_beyond_own then origin end as origin, reason, readings, occurrences, first_received_at,
        last_received_at
)
insert into quarantine (digest, source_id, city, origin, sender, topic, reason, readings, occurrences,
                        first_received_at, last_received_at, is_summary)
select sha256(convert_to(concat_ws(chr(1), 'dropped', source_id, coalesce(city, ''), coalesce(origin, ''), reason),
                         'UTF8')),
    source_id, coalesce(city, nullif((select s.city from source as s where s.source_id = dropped.source_id), '')), origin,
    '', '', reason, sum(readings), sum(occurrences), min(first_received_at), max(last_received_at), true
from dropped
group by source_id, city, origin, reason
on conflict (digest) do update
set readings = quarantine.readings + excluded.readings,
    occurrences = quarantine.occurrences + excluded.occurrences,
    city = excluded.city,
    origin = excluded.origin,
    first_received_at = least(quarantine.first_received_at, excluded.first_received_at),
    last_received_at = greatest(quarantine.last_received_at, excluded.last_received_at)
