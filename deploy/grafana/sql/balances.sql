-- What each balance of a vertical left over in the civil days of the chosen time, the largest share first; days without a
-- residual are counted, not taken for 0, and the newest of them says why.
select
    device_title, title, sum(amount) as amount, sum(reference) filter (where amount is not null) as reference,
    sum(amount) / nullif(sum(reference) filter (where amount is not null), 0) as share,
    count(*) filter (where amount is null) as days_without,
    (array_agg(reason order by time desc) filter (where reason is not null))[1] as reason
from grafana.residual
where city = ${city:sqlstring} and vertical = '@vertical@' and period = 'day' and $__timeFilter(time)
group by device_title, title, device, quantity
order by abs(sum(amount) / nullif(sum(reference) filter (where amount is not null), 0)) desc nulls last, device_title
