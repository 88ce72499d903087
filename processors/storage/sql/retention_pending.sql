-- What still has to be computed from readings that would be dropped, or from what they come to: touched readings but
-- those of the last day, changed hours, figures due.
select
    (select count(*) from observation_mark where from_time < now() - interval '1 day') as readings,
    (select count(*) from rollup_mark where from_time < %(edge)s) as hours,
    (select count(*) from kpi_due where period_start < %(edge)s) as figures
