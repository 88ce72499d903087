-- name: progress
-- Readings stored so far, and marks that rollups have not yet taken.
select (select coalesce(sum(stored), 0)::bigint from ledger), (select count(*) from observation_mark)
