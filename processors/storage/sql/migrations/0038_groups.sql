-- Groups of a city file: sites and devices that have figures together. Who belongs to one, the document of its city
-- says. Their ids are negative, so that in `site_id` of figures a group stands beside the sites and is never one of them.

create table site_group (
    group_id integer generated always as identity (increment by -1) primary key,
    city_id  smallint not null references city,
    name     text not null,
    title    text not null,
    check (group_id < 0),
    unique (city_id, name)
);

alter table kpi_value drop constraint kpi_value_site_id_fkey;
alter table kpi_recomputation drop constraint kpi_recomputation_site_id_fkey;
alter table kpi_due drop constraint kpi_due_site_id_fkey;
alter table kpi_extent drop constraint kpi_extent_site_id_fkey;

-- Whom figures are of beside cities: sites and groups by the number that figures have of them.
create view figure_subject as
select site_id, city_id, name as site, null::text as "group" from site
union all
select group_id, city_id, null, name from site_group;
