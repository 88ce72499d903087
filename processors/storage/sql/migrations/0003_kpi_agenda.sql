-- What the KPI engine still has to compute, and how far it has come.

-- Figures that are due; a row leaves in the transaction that writes its figure. The lowest urgency comes first.
create table kpi_due (
    kpi          text not null,
    city_id      smallint not null references city,
    site_id      integer references site,
    period       text not null,
    period_start timestamptz not null,
    cause        text not null,
    urgency      smallint not null,
    since        timestamptz not null,
    unique nulls not distinct (kpi, city_id, site_id, period, period_start)
);

-- The stretch of time in which every period of a subject has its figures, or has them due, and the definition
-- (meters, factors, rules) they were computed by.
create table kpi_extent (
    city_id    smallint not null references city,
    site_id    integer references site,
    life_from  timestamptz not null,
    through    timestamptz not null,
    definition text not null,
    unique nulls not distinct (city_id, site_id)
);
