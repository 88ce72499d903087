-- name: ledger_post
-- Add what became of some readings to their sources' accounts.
insert into ledger (source_id, received, stored, duplicate, conflict, quarantined)
select * from unnest(%(sources)s::smallint[], %(received)s::bigint[], %(stored)s::bigint[], %(duplicate)s::bigint[],
                     %(conflict)s::bigint[], %(quarantined)s::bigint[])
on conflict (source_id) do update set
    received = ledger.received + excluded.received,
    stored = ledger.stored + excluded.stored,
    duplicate = ledger.duplicate + excluded.duplicate,
    conflict = ledger.conflict + excluded.conflict,
    quarantined = ledger.quarantined + excluded.quarantined,
    updated_at = now()

-- name: ledger_accounts
-- The ledger by city and source, of one city or of all.
select city, name, received, stored, duplicate, conflict, quarantined, updated_at
from ledger join source using (source_id)
where %(city)s::text is null or city = %(city)s
order by city, name
