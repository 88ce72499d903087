-- One quantity of the city's weather stations or its grid, in the chosen buckets: hours up to two months, then days.
select time, device as metric, mean as value
from grafana.series
where city = ${city:sqlstring} and type in ('weather_station', 'grid_signal') and quantity = '@quantity@'
    and $__timeFilter(time)
    and period = case
        when ${resolution:sqlstring} <> 'auto' then ${resolution:sqlstring}
        when $__unixEpochTo() - $__unixEpochFrom() <= 62 * 86400 then 'hour'
        else 'day'
    end
order by time
