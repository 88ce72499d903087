-- Every indicator of the city for its newest period that is over, with its coverage and status.
select distinct on (kpi) kpi, label, value, unit, coverage, status
from grafana.kpi_value
where city = ${city:sqlstring} and subject = '-' and period = ${period:sqlstring} and closed
order by kpi, time desc
