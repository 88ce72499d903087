-- Alarms at scale: whom one alarm stands for, what people did about alarms, and which are out of their sight for a while.

-- Devices that the alarm of what they share stands for, and when each was first and last among them.
create table alarm_member (
    alarm_id  bigint not null references alarm on delete cascade,
    device_id integer not null references device,
    joined_at timestamptz not null,
    left_at   timestamptz,
    primary key (alarm_id, device_id),
    check (left_at >= joined_at)
);
create index on alarm_member (device_id);

-- Alarms of a rule at a device that are shelved (ISA-18.2) until a time, with who did so and why. The last time counts.
create table alarm_shelf (
    rule       text not null,
    device_id  integer not null references device,
    shelved_at timestamptz not null,
    until      timestamptz not null,
    by         text not null,
    reason     text not null,
    primary key (rule, device_id),
    check (until >= shelved_at)
);

-- What people did about an alarm. until: of what was shelved.
create table alarm_note (
    note_id  bigint generated always as identity primary key,
    alarm_id bigint not null references alarm on delete cascade,
    at       timestamptz not null,
    by       text not null,
    action   text not null check (action in ('acknowledged', 'commented', 'shelved', 'unshelved')),
    text     text,
    until    timestamptz
);
create index on alarm_note (alarm_id, note_id);

-- What alarms of figures are called, and what to look at: rules of city files, which may say something else later.
alter table alarm add column title text;
alter table alarm add column remedy text;
