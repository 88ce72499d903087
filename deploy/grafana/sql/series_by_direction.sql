-- One quantity of the devices of a site that meter one direction of energy, in the chosen buckets: hours up to two months, then days.
select time, device as metric, @column@ as value
from grafana.series
where city = ${city:sqlstring} and site = ${site:sqlstring} and vertical = '@vertical@' and quantity = '@quantity@'
    and direction = '@direction@' and $__timeFilter(time)
    and period = case
        when ${resolution:sqlstring} <> 'auto' then ${resolution:sqlstring}
        when $__unixEpochTo() - $__unixEpochFrom() <= 62 * 86400 then 'hour'
        else 'day'
    end
order by time
