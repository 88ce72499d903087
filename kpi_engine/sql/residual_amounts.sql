-- Amounts of given series and spans in order, an array per column; NaN where a bucket is not known from edge to
-- edge, or readings in it are not believed.
select array_agg(a.series_id), array_agg(a.bucket), array_agg(a.total), array_agg(a.estimated)
from (
    select
        r.series_id, r.bucket, r.estimated,
        coalesce(
            case
                when r.doubt_above is not null then null
                when s.kind in ('interval', 'session')
                    then case when r.measured >= extract(epoch from r.bucket_end - r.bucket) * (1 - 1e-9) then r.total end
                when r.covered_from = r.bucket and r.covered_to = r.bucket_end then r.total
            end,
            'NaN'
        ) as total
    from unnest(%(series)s::integer[], %(starts)s::bigint[], %(ends)s::bigint[]) as span (series_id, start_us, end_us)
    join series s on s.series_id = span.series_id
    join rollup r
        on r.period = %(period)s
        and r.series_id = span.series_id
        and r.bucket >= timestamptz 'epoch' + span.start_us * interval '1 microsecond'
        and r.bucket < timestamptz 'epoch' + span.end_us * interval '1 microsecond'
    order by r.series_id, r.bucket
) a
