-- Charging sessions: records of their own, never readings. Persons are not part of them.

-- Every distinct content that a source ever gave for a session.
create table charging_session_version (
    device_id      integer not null references device,
    transaction_id text not null,
    begin_at       timestamptz not null,
    end_at         timestamptz,
    energy_kwh     double precision,
    source_id      smallint not null references source,
    received_at    timestamptz not null,
    unique nulls not distinct (device_id, transaction_id, begin_at, end_at, energy_kwh, source_id)
);

-- The effective content of each, chosen by what it says and never by arrival: the source of the highest rank, then one
-- that ended, the later end, the larger energy, the earlier begin.
create table charging_session (
    device_id      integer not null references device,
    transaction_id text not null,
    begin_at       timestamptz not null,
    end_at         timestamptz,
    energy_kwh     double precision,
    source_id      smallint not null references source,
    received_at    timestamptz not null,
    primary key (device_id, transaction_id)
);
create index charging_session_by_begin on charging_session (device_id, begin_at);

-- Times of which every session of a device is here, as whoever gave them declared: between these, none means zero.
create table charging_session_span (
    device_id integer not null references device,
    from_time timestamptz not null,
    to_time   timestamptz not null,
    source_id smallint not null references source,
    primary key (device_id, from_time, to_time)
);
