-- Hours of several register series together: the amounts that are whole, the amounts so far, how many series know it.
select
    bucket,
    bucket_end,
    array_agg(total order by series_id) filter (where total is not null) as amounts,
    count(*) filter (where covered_from = bucket and covered_to = bucket_end) as whole
from rollup
where period = 'hour'
    and series_id = any(%(series)s)
    and bucket >= %(start)s
    and bucket < %(end)s
group by bucket, bucket_end
order by bucket
