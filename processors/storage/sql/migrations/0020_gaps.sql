-- How much of a bucket is interpolated and estimated, and its silences. NULL is what was computed before and has not been
-- since, because its readings are gone: what is not known of a month is not known of its year either.
alter table rollup
    add column interpolated   double precision,
    add column estimated_time double precision,
    add column pause          double precision,
    add column first_at       timestamptz,
    add column last_at        timestamptz;

-- The longest silence of a series that is interpolated. NULL until its city file is registered again, which is what makes
-- everything that is stored of the series be computed again.
alter table series add column filling interval;

-- Mean factors of hours were remembered of which hardly anything was known: what is remembered is read again.
truncate kpi_day_hours;
