-- Figures are computed by any number of workers at once. One of them notes what is due, and may not wait for the others.

-- A figure may be on the agenda twice: once for a worker that is computing it, once for what changed meanwhile.
alter table kpi_due drop constraint kpi_due_kpi_city_id_site_id_period_period_start_key;
create index kpi_due_figure on kpi_due (kpi, city_id, site_id, period, period_start);

-- The agenda is worked off by shards: those of cities, for their own figures and for all that take figures of others or
-- are taken, and those of groups of sites that follow each other, as they do on the agenda.
alter table kpi_due add column shard smallint not null default 0;
update kpi_due set shard = city_id % 32;
alter table kpi_due alter column shard drop default;

-- What was noted last: how many notes of changed hours there were so far, up to which instant figures are due, and a
-- digest of whom they are computed for and by which rules. A worker that knows others computes nothing.
alter table kpi_noted
    add column note     bigint not null default 0,
    add column noted_at timestamptz,
    add column roster   text;

-- Hours that changed, as they were noted: for whoever began to compute before the note, and kept as long as one may.
create table kpi_note (
    note    bigint primary key,
    made_at timestamptz not null default clock_timestamp(),
    series  integer[] not null,
    starts  timestamptz[] not null,
    ends    timestamptz[] not null,
    firsts  boolean[] not null -- whether the hours held no reading before
);

-- Figures that rest on hours before their own period, of a worker that knew what was changed up to a note: what was
-- noted after it may concern them. The next note takes them off.
create table kpi_rested (
    kpi          text not null,
    city_id      smallint not null references city,
    site_id      integer,
    period       text not null,
    period_start timestamptz not null,
    note         bigint not null
);
