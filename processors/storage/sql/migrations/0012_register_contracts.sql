-- Which register contract made an hour, and how many of its readings did not happen.

-- Every contract that was in force for some series, by the digest that rollups carry.
create table register_contract (
    digest   integer primary key,
    contract jsonb not null
);

alter table rollup
    add column rejected integer not null default 0,
    add column contract integer not null default 0;
