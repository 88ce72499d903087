-- name: metrics_store
-- How large the database is, and when the last backup of it began, which deploy/docker/backup.sh leaves as its comment.
select
    pg_database_size(oid),
    extract(epoch from substring(
        shobj_description(oid, 'pg_database') from '^last backup (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$'
    )::timestamptz)::double precision
from pg_database
where datname = current_database()
