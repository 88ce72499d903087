-- How many figures of the chosen subject in the time range have which status.
select status, count(*) as figures
from grafana.kpi_value
where city = ${city:sqlstring} and subject = ${site:sqlstring} and period = ${period:sqlstring}
    and $__timeFilter(time)
group by status
order by array_position(array['final', 'provisional', 'insufficient'], status)
