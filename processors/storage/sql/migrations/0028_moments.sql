-- Figures say whether they are due, and each revision says what made it.

-- Why a revision was computed: the cause as in kpi_recomputation, and in words what exactly moved. NULL: made before.
alter table kpi_value
    add column cause        text,
    add column cause_detail text;
alter table kpi_recomputation add column cause_detail text;
alter table kpi_due add column detail text;

-- What the definition of each indicator is made of, item by item: {indicator: {item: digest}}. NULL: not kept yet.
alter table kpi_extent add column parts jsonb;

-- Until which master data and factors the KPI engine has put on its agenda what they change: one row, or none.
create table kpi_noted (
    only_row   boolean primary key default true check (only_row),
    applied_at timestamptz,
    factor_id  bigint not null
);

-- For each city the stretches of which something changed that is not on the agenda yet: hours, or what is said of its
-- devices and factors, which may change all.
create view kpi_unnoted as
select city_id, range_agg(span) as spans
from (
    select d.city_id, tstzrange(m.from_time, m.to_time) as span
    from rollup_mark m
    join series s using (series_id)
    join device d using (device_id)
    union all
    select c.city_id, tstzrange(null, null)
    from city c
    cross join kpi_noted n
    where c.applied_at > n.applied_at or n.factor_id < (select max(factor_id) from factor)
) as changed
group by city_id;

-- Whether what a figure was computed from has changed, or may have, and it is not computed again yet. Cities and sites
-- apart, because an index finds null only when asked for it.
create view kpi_value_due as
select
    v.value_id,
    v.superseded_at is null and (
        coalesce(tstzrange(v.period_start, v.through) && u.spans, false)
        or case
            when v.site_id is null then exists (
                select from kpi_due d
                where (d.kpi, d.city_id, d.period, d.period_start) = (v.kpi, v.city_id, v.period, v.period_start)
                    and d.site_id is null
            )
            else exists (
                select from kpi_due d
                where (d.kpi, d.city_id, d.site_id, d.period, d.period_start)
                    = (v.kpi, v.city_id, v.site_id, v.period, v.period_start)
            )
        end
    ) as due
from kpi_value v
left join kpi_unnoted u using (city_id);
