-- The figure of the newest period that is over, with its coverage; null where it is insufficient.
select label, value, coverage
from grafana.kpi_value
where city = ${city:sqlstring} and subject = '-' and kpi = '@kpi@' and period = ${period:sqlstring} and closed
order by time desc
limit 1
