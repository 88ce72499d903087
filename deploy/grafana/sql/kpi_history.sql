-- The city's figures of the periods that start in the time range, with their coverage.
select time, value as "@title@", coverage as "Coverage"
from grafana.kpi_value
where city = ${city:sqlstring} and subject = '-' and kpi = '@kpi@' and period = ${period:sqlstring}
    and $__timeFilter(time)
order by time
