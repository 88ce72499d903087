-- What the balances of a site left over, in the chosen buckets: hours up to two months, then days.
select time, device || ' ' || quantity as metric, amount as value
from grafana.residual
where city = ${city:sqlstring} and site = ${site:sqlstring} and vertical = '@vertical@'
    and $__timeFilter(time)
    and period = case
        when ${resolution:sqlstring} <> 'auto' then ${resolution:sqlstring}
        when $__unixEpochTo() - $__unixEpochFrom() <= 62 * 86400 then 'hour'
        else 'day'
    end
order by time
