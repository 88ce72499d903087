-- Readings that came again as they were known: how many of each series, in ten minutes. The ledger counts them by city and
-- source for ever; this says of whom they are, for as long as the payloads of refused messages are kept.
create table repeated_readings (
    series_id integer not null,
    begins_at timestamptz not null,
    readings  bigint not null check (readings > 0),
    primary key (series_id, begins_at)
);
create index repeated_readings_age on repeated_readings (begins_at);
