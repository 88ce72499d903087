-- name: sessions
-- The processes of the server but this one, by the name of their application or by what they are for.
select coalesce(nullif(application_name, ''), backend_type), pid
from pg_stat_activity
where pid <> pg_backend_pid()
