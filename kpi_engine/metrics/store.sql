-- name: metrics_store
-- How large the database is, in bytes.
select pg_database_size(current_database())

-- name: metrics_backups
-- When what protects the database last began, in seconds since 1970, by what it is; its comment says so, which
-- deploy/postgres/backup_times.py leaves there.
select done.parts[1], extract(epoch from done.parts[2]::timestamptz)::double precision
from pg_database
cross join lateral regexp_matches(
    shobj_description(oid, 'pg_database'),
    '(?:^|; )last (backup|copy|base backup|drill) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)(?=;|$)',
    'g'
) done(parts)
where datname = current_database()

-- name: metrics_archive
-- Whether the log is received by an archive now, how many bytes of it are not yet, and whether some are lost to it; no
-- row without an archive.
select active, coalesce(pg_current_wal_lsn() - restart_lsn, 0)::double precision, wal_status is not distinct from 'lost'
from pg_replication_slots
where slot_name = 'pharos_archive'
