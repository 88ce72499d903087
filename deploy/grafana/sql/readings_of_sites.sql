-- Readings of the chosen sites by vertical and civil day; by month beyond two months, which would add up too many days.
select time, vertical as metric, sum(readings) as value
from grafana.series
where city = ${city:sqlstring} and site in (${site:sqlstring}) and period = case when $__unixEpochTo() - $__unixEpochFrom() <= 62 * 86400 then 'day' else 'month' end
    and $__timeFilter(time)
group by time, vertical
order by time
