-- Days of hours that indicators with hourly factors were computed from, so that one late reading, or a restart, does not
-- make a year of hours of every meter be read again. Nothing but a copy: figures never depend on what is here.
create table kpi_day_hours (
    kpi        text not null,
    city_id    smallint not null,
    site_id    integer not null, -- 0: the city as a whole
    definition text not null,
    day        timestamptz not null,
    day_end    timestamptz not null,
    amount     bytea not null, -- hours of all meters together, float64 little endian, NaN where not known
    factor     bytea not null,
    estimated  double precision not null,
    primary key (kpi, city_id, site_id, day)
);
