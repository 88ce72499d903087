-- The readings of one write that may be known, one row per series, time and value; of this session, for one transaction.
create temporary table if not exists incoming (
    series_id   integer not null,
    time        timestamptz not null,
    value       double precision not null,
    received_at timestamptz not null,
    source_id   smallint not null,
    quality     smallint not null,
    revision    double precision not null default '-infinity'
) on commit delete rows
