-- Creates the session's table of durations that are about to be kept.
create temporary table if not exists state_staging (
    series_id  integer not null,
    bucket     timestamptz not null,
    bucket_end timestamptz not null,
    state      smallint not null,
    duration   bigint not null,
    count      integer not null
) on commit delete rows
