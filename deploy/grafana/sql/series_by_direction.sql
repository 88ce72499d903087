-- One quantity of the devices of a site that meter one direction of energy, in the chosen buckets.
select time, device_title as metric, @column@ as value
from grafana.series
where city = ${city:sqlstring} and site = ${site:sqlstring} and vertical = '@vertical@' and quantity = '@quantity@'
    and direction = '@direction@' and period = ${resolution:sqlstring} and $__timeFilter(time)
order by time
