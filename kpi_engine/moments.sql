-- name: moment_write
-- Figures are written from here to the end of the transaction.
select pg_advisory_xact_lock(hashtext('pharos figures'))

-- name: moment
-- The instant at which figures are written, microseconds.
select (extract(epoch from clock_timestamp()) * 1000000)::bigint

-- name: moment_read
-- Somebody begins to read figures.
select pg_advisory_lock_shared(hashtext('pharos figures'))

-- name: moment_read_done
-- Whoever began to read figures has a snapshot of them.
select pg_advisory_unlock_shared(hashtext('pharos figures'))
