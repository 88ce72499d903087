-- Baselines of sites (IPMVP): models as they were fitted, and the log of what changed beside the measure.

-- Every fit of a baseline, with what it was fitted to; the latest holds. `declaration` is what the city file said then,
-- `result` the model with its diagnostics, or the reasons why there is none, `inputs` the days in columns.
create table baseline_model (
    model_id      integer generated always as identity primary key,
    site_id       integer not null references site,
    name          text not null,
    version       integer not null,
    declaration   jsonb not null,
    fitted_part   text not null,
    result        jsonb not null,
    inputs        jsonb not null,
    inputs_hash   text not null,
    code_version  text not null,
    fitted_at     timestamptz not null,
    superseded_at timestamptz,
    unique (site_id, name, version)
);
create unique index baseline_model_current on baseline_model (site_id, name) where superseded_at is null;

-- Non-routine adjustments: energy that is added to the adjusted baseline of the days [first_day, last_day), until it is
-- withdrawn. Nothing is ever changed or deleted.
create table baseline_adjustment (
    adjustment_id integer generated always as identity primary key,
    site_id       integer not null references site,
    name          text not null,
    first_day     date not null,
    last_day      date not null check (last_day > first_day),
    amount        double precision not null,
    author        text not null,
    reason        text not null,
    entered_at    timestamptz not null,
    withdrawn_at  timestamptz,
    withdrawn_by  text,
    withdrawn_for text
);
create index on baseline_adjustment (site_id, name);
