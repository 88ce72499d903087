-- Statistics: what no device sends, as people gave it, with source and page. A given value never changes: a better one has
-- a later revision and stands beside it, and one that was wrong is withdrawn. known_at follows the order of commits.
create table statistic (
    statistic_id    integer generated always as identity primary key,
    name            text not null,
    city_id         smallint not null references city,
    site_id         integer references site,
    valid_from      date not null,
    valid_to        date,
    value           double precision not null,
    lower           double precision,
    upper           double precision,
    unit            text not null,
    calorific_basis text check (calorific_basis in ('NCV', 'GCV')),
    revision        double precision,
    source          text not null,
    page            text not null,
    note            text not null,
    known_at        timestamptz not null,
    withdrawn_at    timestamptz,
    withdrawn_by    text,
    withdrawn_for   text
);
create unique index on statistic (city_id, site_id, name, valid_from, valid_to, revision) nulls not distinct
    where withdrawn_at is null;
