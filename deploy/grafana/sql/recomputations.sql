-- What was computed again in the time range because of late or changed data, the newest first.
select time, kpi, coalesce(site, '(city)') as site, period, label, cause, changed
from grafana.kpi_recomputation
where city = ${city:sqlstring} and $__timeFilter(time)
order by time desc
limit 200
