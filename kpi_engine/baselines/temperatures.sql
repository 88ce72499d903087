-- name: baseline_hours
-- The mean of each hour of a gauge in a half-open range, of which enough was measured; an array per column, in order.
select array_agg(h.bucket), array_agg(h.mean), array_agg(h.mean)
from (
    select bucket, integral / weighted as mean
    from rollup
    where period = 'hour' and series_id = %(series)s and bucket >= %(start)s and bucket < %(end)s
        and weighted > 0 and measured >= %(least)s * extract(epoch from bucket_end - bucket)
        and integral is not null
    order by bucket
) h

-- name: baseline_extremes
-- The least and the greatest reading of each day of a gauge in a half-open range; an array per column, in order.
select array_agg(d.bucket), array_agg(d.minimum), array_agg(d.maximum)
from (
    select bucket, minimum, maximum
    from rollup
    where period = 'day' and series_id = %(series)s and bucket >= %(start)s and bucket < %(end)s
        and minimum is not null and maximum is not null
    order by bucket
) d
