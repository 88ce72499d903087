-- Refused messages of the city that last came in the time range, by reason.
select reason, count(distinct device) as devices, count(*) as messages, sum(readings) as readings, max(time) as time
from grafana.quarantine
where city = ${city:sqlstring} and $__timeFilter(time)
group by reason
order by messages desc
