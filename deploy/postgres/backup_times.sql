-- name: backup_times_lock
-- One at a time: what is noted is read and written again.
select pg_advisory_xact_lock(hashtextextended('pharos backup times', 0))

-- name: backup_times
-- The comment of this database.
select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()
