-- name: recovery_last
-- When the last transaction was committed that was read from the log.
select pg_last_xact_replay_timestamp()
