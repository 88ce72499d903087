-- The coverage of every indicator of the chosen subject in the periods that start in the time range.
select time, kpi as metric, coverage as value
from grafana.kpi_value
where city = ${city:sqlstring} and subject = ${site:sqlstring} and period = ${period:sqlstring}
    and $__timeFilter(time)
order by time
