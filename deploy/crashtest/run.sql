-- name: pending
-- Readings received so far, and whether rollups have caught up with them.
select
    (select coalesce(sum(stored), 0)::bigint from ledger),
    (select count(*) from observation_mark)
