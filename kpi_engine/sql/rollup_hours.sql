-- The hours of given series and spans in order, an array per column; NaN for what is not known, or only of too little of an hour.
select
    array_agg(h.series_id), array_agg(h.bucket), array_agg(h.total), array_agg(h.estimated), array_agg(h.mean)
from (
    select
        r.series_id, r.bucket, coalesce(r.total, 'NaN') as total, r.estimated,
        case
            when r.weighted > 0 and r.weighted >= %(known_from)s * extract(epoch from r.bucket_end - r.bucket)
                then coalesce(r.integral / r.weighted, 'NaN')
            else 'NaN'
        end as mean
    from unnest(%(series)s::integer[], %(starts)s::bigint[], %(ends)s::bigint[]) as span (series_id, start_us, end_us)
    join rollup r
        on r.period = 'hour'
        and r.series_id = span.series_id
        and r.bucket >= timestamptz 'epoch' + span.start_us * interval '1 microsecond'
        and r.bucket < timestamptz 'epoch' + span.end_us * interval '1 microsecond'
    order by r.series_id, r.bucket
) h
