-- One quantity of the city's weather stations or its grid, in the chosen buckets.
select time, device_title as metric, mean as value
from grafana.series
where city = ${city:sqlstring} and type in ('weather_station', 'grid_signal') and quantity = '@quantity@'
    and period = ${resolution:sqlstring} and $__timeFilter(time)
order by time
