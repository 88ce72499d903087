-- Sessions of roles that are at work, each kept alive by its process: who says nothing for long is frozen or cut off, and
-- its peers end its session, which takes back what it had not committed and lets go of all it held.
create table at_work (
    application text not null,
    pid         integer not null, -- of the database session that works
    began       timestamptz not null, -- when that session began: process ids come again
    joined_at   timestamptz not null default clock_timestamp(),
    seen_at     timestamptz not null default clock_timestamp(),
    primary key (pid, began)
);
create index on at_work (application, joined_at);
