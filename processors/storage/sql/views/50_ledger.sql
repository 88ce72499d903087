-- What became of every reading: received = stored + duplicate + conflict + quarantined, for ever.
create view grafana.ledger as
select
    s.city, s.name as source, l.received, l.stored, l.duplicate, l.conflict, l.quarantined,
    l.received - l.stored - l.duplicate - l.conflict - l.quarantined as unaccounted,
    l.updated_at
from public.ledger l
join public.source s using (source_id)
