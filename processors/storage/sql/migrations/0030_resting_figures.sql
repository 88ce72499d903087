-- Figures say on which hours before their own period they rest, and marks which hours had no reading before.

-- From when on a figure rests on what was known before its period, where a meter was silent; NULL: on nothing, or made
-- before this was kept. And whether hours that held no reading, however early, would be among that: less than 28 days are
-- known, or a meter was never read.
alter table kpi_value
    add column rests_from timestamptz,
    add column rests_on_first boolean not null default false;
create index kpi_value_resting on kpi_value (city_id, coalesce(site_id, 0), period_start)
    where superseded_at is null and (rests_from is not null or rests_on_first);

-- Whether the hours of a mark held no reading before it: a first load, or a meter that goes on.
alter table rollup_mark add column is_first boolean not null default false;

-- When the KPI engine first heard of a series: what happened before is history, and comes late for nobody.
create table kpi_heard (
    series_id integer primary key,
    since     timestamptz not null
);

-- As before, and due where hours changed that the figure rests on.
create or replace view kpi_value_due as
select
    v.value_id,
    v.superseded_at is null and (
        coalesce(tstzrange(case when v.rests_on_first then null else coalesce(v.rests_from, v.period_start) end, v.through) && u.spans, false)
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
