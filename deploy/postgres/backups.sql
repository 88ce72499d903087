-- name: backups_snapshot
-- A snapshot that pg_dump reads by, while this transaction lasts; the server, and the extensions a restore needs.
select
    pg_export_snapshot(),
    current_setting('server_version'),
    array(select extname::text from pg_extension where extname <> 'plpgsql' order by extname)

-- name: backups_tables
-- Tables of ours: those that are parts of others, and those of extensions, are not counted by themselves.
select n.nspname::text, c.relname::text
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p')
    and not c.relispartition
    and n.nspname not like 'pg\_%'
    and n.nspname not like '\_timescaledb%'
    and n.nspname not in ('information_schema', 'timescaledb_information', 'timescaledb_experimental')
    and not exists (
        select from pg_depend d
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
    )
order by 1, 2
