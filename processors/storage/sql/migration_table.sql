-- The record of applied migrations; the one table that no migration creates.
create table if not exists schema_migration (
    name       text primary key,
    checksum   text not null,
    applied_at timestamptz not null default now()
)
