-- Two indicators of the city side by side, in the periods that start in the time range.
select time, case kpi when '@kpi@' then '@title@' else '@other_title@' end as metric, value
from grafana.kpi_value
where city = ${city:sqlstring} and subject = '-' and kpi in ('@kpi@', '@other_kpi@') and period = ${period:sqlstring}
    and $__timeFilter(time)
order by time
