-- name: reference_table
-- Readings and their key, nothing else.
create table if not exists reference (
    series_id integer not null,
    time      timestamptz not null,
    value     double precision not null,
    primary key (series_id, time)
)

-- name: incoming_table
-- Readings of which some may be known.
create temporary table incoming (like reference) on commit delete rows

-- name: reference_copy
-- Store readings that are expected to be new.
copy reference (series_id, time, value) from stdin (format binary)

-- name: incoming_copy
-- Bring readings into the session.
copy incoming (series_id, time, value) from stdin (format binary)

-- name: incoming_store
-- Store those that are not known.
insert into reference select * from incoming on conflict do nothing
