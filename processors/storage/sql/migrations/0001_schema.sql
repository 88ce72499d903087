-- The schema of Pharos. Times are timestamptz; values are in the series' canonical unit.
-- Ids are given by the database; names are unique within their parent.

-- Master data: the city files as they were last applied ------------------------------------------------------------

create table city (
    city_id    smallint generated always as identity primary key,
    name       text not null unique,
    title      text not null,
    country    text not null,
    timezone   text not null,
    grid_zone  text,
    role       text not null,
    document   jsonb not null,
    applied_at timestamptz not null default now()
);

create table site (
    site_id    integer generated always as identity primary key,
    city_id    smallint not null references city,
    name       text not null,
    title      text not null,
    vertical   text not null,
    facts      jsonb not null,
    valid_from date,
    valid_to   date,
    unique (city_id, name)
);

create table device (
    device_id         integer generated always as identity primary key,
    city_id           smallint not null references city,
    site_id           integer not null references site,
    name              text not null,
    title             text not null,
    type              text not null,
    native_id         text not null,
    serial_number     text,
    carrier           text,
    direction         text,
    submeter_of       text,
    expected_interval interval not null,
    valid_from        date,
    valid_to          date,
    unique (city_id, name)
);

create table series (
    series_id         integer generated always as identity primary key,
    device_id         integer not null references device,
    quantity          text not null,
    unit              text not null,
    kind              text not null,
    register_contract jsonb,
    max_gap           interval not null,
    unique (device_id, quantity)
);

-- What devices said ------------------------------------------------------------------------------------------------

-- Where readings come from; rank decides conflicts between sources, the higher one wins.
create table source (
    source_id smallint generated always as identity primary key,
    city      text not null,
    name      text not null,
    rank      smallint not null default 0,
    unique (city, name)
);

-- The effective reading of a series at a time: a hypertable where TimescaleDB is installed or can be, otherwise
-- partitioned by UTC month. Everything else in Pharos is the same on both.
do $$
declare
    timescale boolean := exists (select from pg_extension where extname = 'timescaledb')
        or exists (select from pg_available_extensions where name = 'timescaledb')
            and current_setting('shared_preload_libraries') like '%timescaledb%';
begin
    execute 'create table observation (
        time        timestamptz not null,
        received_at timestamptz not null,
        value       double precision not null,
        series_id   integer not null,
        source_id   smallint not null,
        quality     smallint not null,
        primary key (series_id, time)
    )' || case when timescale then '' else ' partition by range (time)' end;
    if timescale then
        create extension if not exists timescaledb;
        perform create_hypertable('observation', by_range('time', interval '30 days'), create_default_indexes => false);
    end if;
end
$$;

-- Creates the missing monthly partitions that hold [from_time, to_time]; nothing to do on a hypertable.
-- A partition is attached, not created in place: that does not wait for readers and writers. Call it in a transaction of its own.
create function ensure_partitions(from_time timestamptz, to_time timestamptz) returns void
    language plpgsql
    set timezone to 'UTC'
as $$
declare
    month timestamptz;
    partition text;
begin
    if not exists (select from pg_partitioned_table where partrelid = 'observation'::regclass) then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtext('ensure_partitions'));
    for month in select generate_series(date_trunc('month', from_time), to_time, interval '1 month') loop
        partition := 'observation_' || to_char(month, 'YYYY_MM');
        if to_regclass(partition) is null then
            execute format('create table %I (like observation including all)', partition);
            execute format('alter table observation attach partition %I for values from (%L) to (%L)',
                           partition, month, month + interval '1 month');
        end if;
    end loop;
end
$$;

-- All distinct values of a reading that was given more than one, the effective one included.
create table conflict (
    series_id   integer not null,
    time        timestamptz not null,
    value       double precision not null,
    source_id   smallint not null,
    quality     smallint not null,
    received_at timestamptz not null,
    primary key (series_id, time, value)
);

-- Untimed messages that were stored, so that their redelivery is recognised (see docs/architecture.md).
create table untimed_receipt (
    digest      bytea primary key,
    received_at timestamptz not null
);
create index on untimed_receipt (received_at);

-- Messages or readings that were refused, with the raw message.
create table quarantine (
    quarantine_id     bigint generated always as identity primary key,
    digest            bytea not null unique,
    source_id         smallint not null references source,
    city              text,
    device            text,
    topic             text not null,
    reason            text not null,
    detail            text not null,
    payload           bytea not null,
    readings          integer not null,
    occurrences       integer not null default 1,
    first_received_at timestamptz not null,
    last_received_at  timestamptz not null
);
create index on quarantine (city, device, last_received_at);

-- Every reading ever received has exactly one outcome; counted in the transaction of that outcome.
create table ledger (
    source_id   smallint primary key references source,
    received    bigint not null default 0,
    stored      bigint not null default 0,
    duplicate   bigint not null default 0,
    conflict    bigint not null default 0,
    quarantined bigint not null default 0,
    updated_at  timestamptz not null default now()
);

-- What a device says of itself on its status topic.
create table device_status (
    device_id integer primary key references device,
    online    boolean not null,
    at        timestamptz not null
);

-- Rollups ----------------------------------------------------------------------------------------------------------

-- Times at which a stored reading appeared or changed; the rollup worker widens them to the neighbouring readings.
create table observation_mark (
    seq       bigint generated always as identity primary key,
    series_id integer not null,
    from_time timestamptz not null,
    to_time   timestamptz not null
);

-- Civil hours, days and months of a series; columns are defined in processors/steps/rollup.py.
create table rollup (
    period        text not null,
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
    updated_at    timestamptz not null default now(),
    primary key (period, series_id, bucket)
) partition by list (period);
create table rollup_hour partition of rollup for values in ('hour');
create table rollup_day partition of rollup for values in ('day');
create table rollup_month partition of rollup for values in ('month');

-- Hours whose rollup changed, for the KPI engine.
create table rollup_mark (
    seq       bigint generated always as identity primary key,
    series_id integer not null,
    from_time timestamptz not null,
    to_time   timestamptz not null
);

-- Indicators -------------------------------------------------------------------------------------------------------

create table factor (
    factor_id  bigint generated always as identity primary key,
    name       text not null,
    version    text not null,
    carrier    text not null,
    region     text not null,
    valid_from date not null,
    valid_to   date,
    value      double precision not null,
    unit       text not null,
    method     text not null,
    boundary   text not null,
    gwp        text not null,
    source     text not null,
    page       text not null,
    verified   boolean not null,
    unique nulls not distinct (name, version, valid_from)
);

create table kpi_value (
    value_id        bigint generated always as identity primary key,
    kpi             text not null,
    city_id         smallint not null references city,
    site_id         integer references site,
    period          text not null,
    period_start    timestamptz not null,
    period_end      timestamptz not null,
    value           double precision,
    unit            text not null,
    coverage        double precision not null,
    estimated_share double precision,
    status          text not null,
    reason          text,
    through         timestamptz not null,
    factors         jsonb not null,
    inputs          jsonb not null,
    inputs_hash     text not null,
    rule_version    text not null,
    code_version    text not null,
    revision        integer not null,
    computed_at     timestamptz not null,
    superseded_at   timestamptz,
    unique nulls not distinct (kpi, city_id, site_id, period, period_start, revision)
);
create unique index kpi_value_current on kpi_value (kpi, city_id, site_id, period, period_start)
    nulls not distinct where superseded_at is null;

-- Which periods were recomputed, when and why.
create table kpi_recomputation (
    recomputation_id bigint generated always as identity primary key,
    kpi          text not null,
    city_id      smallint not null references city,
    site_id      integer references site,
    period       text not null,
    period_start timestamptz not null,
    cause        text not null,
    changed      boolean not null,
    computed_at  timestamptz not null
);
create index on kpi_recomputation (computed_at);

-- Access -----------------------------------------------------------------------------------------------------------

create table token (
    token_id     integer generated always as identity primary key,
    name         text not null unique,
    digest       bytea not null unique,
    role         text not null check (role in ('operator', 'evaluator', 'integrator', 'admin')),
    cities       text[],
    created_at   timestamptz not null default now(),
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz
);
