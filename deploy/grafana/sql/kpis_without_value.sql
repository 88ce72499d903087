-- Figures of the chosen subject in the time range that are no figures, and why.
select label, kpi, coverage, reason
from grafana.kpi_value
where city = ${city:sqlstring} and subject = ${site:sqlstring} and period = ${period:sqlstring}
    and status = 'insufficient' and $__timeFilter(time)
order by time desc, kpi
limit 500
