-- What people asked to have taken once more of what was refused, and what became of it: whoever stores readings does it.

create table quarantine_replay (
    replay_id   bigint generated always as identity primary key,
    asked_by    text not null,
    asked_at    timestamptz not null default now(),
    through     bigint not null,    -- the last refused message that there was: what is refused later is not meant
    cities      text[],             -- those that the one who asked may speak for; null: all
    city        text,
    device      text,
    reason      text,
    origin      text,
    from_time   timestamptz,
    to_time     timestamptz,
    number      bigint,
    started_at  timestamptz,
    finished_at timestamptz,
    messages    bigint not null default 0,  -- that were taken once more
    unchanged   bigint not null default 0,  -- of which nothing would become another thing
    stored      bigint not null default 0,  -- readings, and so on
    duplicate   bigint not null default 0,
    conflict    bigint not null default 0,
    quarantined bigint not null default 0,
    trouble     text
);

create index on quarantine_replay (asked_at) where finished_at is null;
