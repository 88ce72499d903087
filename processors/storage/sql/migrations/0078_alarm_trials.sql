-- Whom the notifier tells of alarms, by which ways, and the trials that people ask for over HTTP: the file of receivers, with
-- its addresses and secrets, stays with the notifier, which sends what is asked for and writes down what became of it.

create table alarm_receiver (
    receiver text primary key,
    ways     text[] not null,   -- mail, webhook, apprise: never an address
    cities   text[]             -- of whose alarms it may be told; null: of every city
);

create table alarm_trial (
    trial_id    bigint generated always as identity primary key,
    city        text not null,
    asked_by    text not null,
    asked_at    timestamptz not null default now(),
    finished_at timestamptz
);
create index on alarm_trial (asked_at);

create table alarm_trial_result (
    trial_id bigint not null references alarm_trial on delete cascade,
    receiver text not null,
    way      text not null,
    told_at  timestamptz not null,
    trouble  text,              -- null: it was taken
    primary key (trial_id, receiver, way)
);
