-- What evaluators see of cities with households: ruled from the city file by the KPI engine (kpi_engine/privacy), obeyed by
-- the HTTP interface and the views of schema evaluator. A rule of another city file than the one that holds allows nothing.

create table evaluator_rule (
    city_id    smallint primary key references city,
    applied_at timestamptz not null, -- of the city file that was ruled
    digest     text not null,
    ruled_at   timestamptz not null default now()
);

-- Sites whose meters tell of households: none of their series is for evaluators.
create table evaluator_household_site (
    city_id smallint not null references city,
    site_id integer not null,
    primary key (city_id, site_id)
);

-- On the civil days [first_day, end_day): the indicators of a subject that no household is behind, and those of so many
-- that months and years are shown. site_id is 0 for the city as a whole, of groups negative.
create table evaluator_figure (
    city_id   smallint not null references city,
    site_id   integer not null,
    first_day date not null,
    end_day   date not null,
    anytime   text[] not null,
    months    text[] not null,
    primary key (city_id, site_id, first_day)
);

-- Of whom figures were that evaluators may have seen, by what was measured: whoever has one can subtract it for ever.
-- figure: names, each with the number of its households and its days. until: the day on which another rule came.
create table evaluator_seen (
    city_id   smallint not null references city,
    stream    text not null,
    first_day date not null,
    end_day   date not null,
    until     date,
    figure    jsonb not null
);
create index evaluator_seen_of on evaluator_seen (city_id);

-- Whether a city has households, and whether its rule is that of the city file that holds.
create view evaluator_city as
select
    c.city_id, c.name as city,
    jsonb_path_exists(c.document, '$.sites[*].households') or jsonb_path_exists(c.document, '$.devices[*].household')
        as has_households,
    r.applied_at is not null as is_ruled
from city c
left join evaluator_rule r on r.city_id = c.city_id and r.applied_at = c.applied_at;

-- Sites of which evaluators may see everything: no household is behind any meter there.
create view evaluator_open_site as
select s.site_id, c.name as city, s.name as site
from site s
join city c using (city_id)
join evaluator_city e using (city_id)
where not e.has_households
    or e.is_ruled and not exists (select from evaluator_household_site h where h.site_id = s.site_id);
