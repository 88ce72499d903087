-- What was erased of households, by whom and why; not what it said. Figures of others that rest on it stay as they are.

create table erasure (
    erasure_id integer generated always as identity primary key,
    city_id    smallint not null references city,
    series     integer[] not null, -- whose readings are gone
    erased_at  timestamptz not null default now(),
    author     text not null,
    reason     text not null
);

-- Which figures rest on erased readings, by subject (0: the city as a whole; groups are negative) and indicator: those of
-- [first_at, through). They are never computed again.
create table erased_inputs (
    erasure_id integer not null references erasure,
    city_id    smallint not null,
    site_id    integer not null,
    kpi        text not null,
    first_at   timestamptz not null,
    through    timestamptz not null,
    primary key (erasure_id, city_id, site_id, kpi)
);
