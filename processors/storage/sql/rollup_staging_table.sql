-- Creates the session's staging table for rollups, NaN and -infinity for what is NULL.
create temporary table if not exists rollup_staging (
    series_id     integer not null,
    bucket        timestamptz not null,
    bucket_end    timestamptz not null,
    count         integer not null,
    minimum       double precision not null,
    maximum       double precision not null,
    total         double precision not null,
    integral      double precision not null,
    estimated     double precision not null,
    measured      double precision not null,
    weighted      double precision not null,
    covered_from  timestamptz not null,
    covered_to    timestamptz not null,
    measured_from timestamptz not null,
    measured_to   timestamptz not null
) on commit delete rows
