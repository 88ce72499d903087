-- name: quarantine_held
-- How many messages of some senders are kept with their payload, and how many bytes those have.
select source_id, sender, count(*), sum(octet_length(payload))::bigint
from quarantine
where payload is not null
    and (source_id, sender) in (select * from unnest(%(source_id)s::smallint[], %(sender)s::text[]))
group by source_id, sender
