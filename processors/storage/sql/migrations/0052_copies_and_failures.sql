-- Days of hours beside a factor series are kept as those of every other group are, by what decides them: kpi_group_day.
-- Both are copies, and what is not there is read from the rollups: no figure is computed again.
drop table kpi_day_hours;

-- The last time that figures of an indicator and a city could not be computed, and why.
create table kpi_failure (
    kpi       text not null,
    city_id   smallint not null references city,
    failed_at timestamptz not null default clock_timestamp(),
    error     text not null,
    primary key (kpi, city_id)
);

-- Groups have baselines: in `site_id` the number of a group stands beside those of sites, as in figures.
alter table baseline_model drop constraint baseline_model_site_id_fkey;
alter table baseline_adjustment drop constraint baseline_adjustment_site_id_fkey;
