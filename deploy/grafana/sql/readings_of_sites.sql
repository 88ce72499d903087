-- Readings of the chosen sites by vertical and civil day.
select time, vertical as metric, sum(readings) as value
from grafana.series
where city = ${city:sqlstring} and site in (${site:sqlstring}) and period = 'day'
    and $__timeFilter(time)
group by time, vertical
order by time
