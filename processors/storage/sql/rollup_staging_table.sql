-- Creates the session's staging table for rollups.
create temporary table if not exists rollup_staging (
    series_id     integer not null,
    bucket        timestamptz not null,
    bucket_end    timestamptz not null,
    count         integer not null,
    minimum       double precision,
    maximum       double precision,
    total         double precision,
    integral      double precision,
    estimated     double precision not null,
    measured      double precision not null,
    weighted      double precision not null,
    covered_from  timestamptz,
    covered_to    timestamptz,
    measured_from timestamptz,
    measured_to   timestamptz,
    rejected      integer not null,
    contract      integer not null
) on commit delete rows
