-- Creates the session's staging table for residuals.
create temporary table if not exists residual_staging (
    series_id  integer not null,
    bucket     timestamptz not null,
    bucket_end timestamptz not null,
    value      double precision,
    reference  double precision,
    estimated  double precision not null,
    reason     text
) on commit delete rows
