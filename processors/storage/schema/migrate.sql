-- name: migration_record
-- Record a migration in the transaction that applied it.
insert into schema_migration (name, checksum) values (%(name)s, %(checksum)s)

-- name: migration_list
-- Every applied migration.
select name, checksum, applied_at from schema_migration order by name

-- name: migration_table
-- The record of applied migrations; the one table that no migration creates.
create table if not exists schema_migration (
    name       text primary key,
    checksum   text not null,
    applied_at timestamptz not null default now()
)
