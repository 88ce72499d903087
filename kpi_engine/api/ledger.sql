-- name: api_ledger
-- What became of every reading, per city and source.
select s.city, s.name as source, l.received, l.stored, l.duplicate, l.conflict, l.quarantined, l.updated_at
from ledger l
join source s using (source_id)
where %(cities)s::text[] is null or s.city = any(%(cities)s)
order by s.city, s.name
