-- Creates the session's table of durations that are about to be kept; its key is how state_keep looks up what is staged.
create temporary table if not exists state_staging (
    series_id  integer not null,
    bucket     timestamptz not null,
    bucket_end timestamptz not null,
    state      smallint not null,
    duration   bigint not null,
    count      integer not null,
    primary key (series_id, bucket, state)
) on commit delete rows
