-- Alarms: every one that was ever raised, and what rules wait out between two looks.

create table alarm (
    alarm_id        bigint generated always as identity primary key,
    rule            text not null,
    severity        text not null,
    device_id       integer not null references device,
    raised_at       timestamptz not null,
    cleared_at      timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text,
    value           double precision not null,
    threshold       double precision not null,
    unit            text not null,
    detail          text not null,
    check (cleared_at >= raised_at),
    check ((acknowledged_at is null) = (acknowledged_by is null))
);
create unique index alarm_open on alarm (rule, device_id) where cleared_at is null;
create index on alarm (raised_at desc, alarm_id desc);

-- So that a restart loses nothing that takes hours: columns are those of kpi_engine/alarms/evaluation.py.
create table alarm_watch (
    rule       text not null,
    device_id  integer not null references device,
    since      timestamptz,
    seen       timestamptz,
    held       double precision,
    held_since timestamptz,
    held_seen  timestamptz,
    primary key (rule, device_id)
);
