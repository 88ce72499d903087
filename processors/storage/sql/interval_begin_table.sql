-- The begins of intervals in one write; of this session, for one transaction.
create temporary table if not exists incoming_begin (
    series_id   integer not null,
    time        timestamptz not null,
    value       double precision not null,
    begin       timestamptz not null,
    source_id   smallint not null,
    received_at timestamptz not null,
    revision    double precision not null
) on commit delete rows
