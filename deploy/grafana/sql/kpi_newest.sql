-- The figure of the newest period that is over, named by its period, and its coverage; null where it is insufficient.
with newest as (
    select time, label, value, coverage
    from grafana.kpi_value
    where city = ${city:sqlstring} and subject = '-' and kpi = '@kpi@' and period = ${period:sqlstring} and closed
    order by time desc
    limit 1
)
select time, label as metric, value from newest
union all
select time, 'coverage', coverage from newest
