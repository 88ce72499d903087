-- Figures in narrow rows: words are numbers, what many say alike is kept once, and the log has one row for what was
-- recomputed together. The rows of before are moved between this migration and the next one, a portion at a time.

alter table kpi_value rename to kpi_value_wide;
alter table kpi_recomputation rename to kpi_recomputation_wide;
drop view kpi_value_due;
drop index kpi_value_current, kpi_value_superseded_open, kpi_value_of_city, kpi_value_resting;

-- What figures are of. Both lists are short and only grow.
create table figure_kind (
    kind_id smallint generated always as identity primary key,
    kpi     text not null,
    period  text not null,
    unique (kpi, period)
);
create table figure_edition (
    edition_id   integer generated always as identity primary key,
    unit         text not null,
    rule_version text not null,
    code_version text not null,
    unique (unit, rule_version, code_version)
);

-- What figures that were written together rest on: their distinct inputs as JSON, a line each, compressed as xz.
create table figure_batch (
    batch_id integer generated always as identity primary key,
    inputs   bytea not null
);
alter table figure_batch alter column inputs set storage external; -- it is compressed already

-- What figures say: reasons, causes, what moved, lists of factors as JSON. The same text may be there more than once.
create table figure_text (
    text_id integer generated always as identity primary key,
    made_at timestamptz not null default now(),
    text    text not null
);
create index figure_text_of on figure_text using hash (text);

-- One revision of a figure; view kpi_value has it in words. Wide columns first, so that nothing is lost between them.
create table figure (
    value_id         bigint generated always as identity primary key,
    period_start     timestamptz not null,
    computed_at      timestamptz not null,
    superseded_at    timestamptz,
    through          timestamptz, -- null: to the end of the period
    value            double precision,
    lower            double precision,
    upper            double precision,
    coverage         double precision not null,
    estimated_share  double precision,
    rests_from       timestamptz,
    length           integer not null, -- of the period, seconds
    site_id          integer,
    revision         integer not null,
    edition_id       integer not null,
    batch_id         integer not null,
    factors_id       integer, -- of texts; null: none
    reason_id        integer,
    cause_id         integer,
    detail_id        integer,
    kind_id          smallint not null,
    city_id          smallint not null references city,
    place            smallint not null, -- of its inputs in the batch
    rests_on_first   boolean not null default false,
    status           "char" not null check (status in ('f', 'p', 'i')),
    inputs_hash      bytea not null
);

-- What one step recomputed for one cause, in the order of their numbers: the first is first_id, the next ones follow.
create table figure_log (
    first_id    bigint generated always as identity (increment by 4096) primary key,
    computed_at timestamptz not null,
    cause_id    integer not null, -- of texts
    city_id     smallint not null references city,
    changed     boolean not null,
    kinds       smallint[] not null check (cardinality(kinds) between 1 and 4096),
    sites       integer[] not null,
    starts      timestamptz[] not null,
    details     integer[] -- of texts; null: nothing was told of any
);

-- Numbers go on where they were.
select setval(pg_get_serial_sequence('figure', 'value_id'), max(value_id)) from kpi_value_wide having max(value_id) > 0;
select setval(pg_get_serial_sequence('figure_log', 'first_id'), max(recomputation_id))
from kpi_recomputation_wide having max(recomputation_id) > 0;
