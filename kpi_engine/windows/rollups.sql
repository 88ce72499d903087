-- name: rollups_at
-- The rollups of one period at given series and buckets, an array per column; NaN and -infinity for what is not known.
select
    array_agg(r.series_id), array_agg(r.bucket), array_agg(r.bucket_end), array_agg(r.count),
    array_agg(coalesce(r.minimum, 'NaN')), array_agg(coalesce(r.maximum, 'NaN')),
    array_agg(coalesce(r.total, 'NaN')), array_agg(coalesce(r.integral, 'NaN')), array_agg(r.estimated),
    array_agg(r.measured), array_agg(r.weighted),
    array_agg(coalesce(r.covered_from, '-infinity')), array_agg(coalesce(r.covered_to, '-infinity')),
    array_agg(coalesce(r.measured_from, '-infinity')), array_agg(coalesce(r.measured_to, '-infinity')),
    array_agg(coalesce(r.interpolated, 'NaN')), array_agg(coalesce(r.estimated_time, 'NaN')),
    array_agg(coalesce(r.pause, 'NaN')),
    array_agg(coalesce(r.first_at, '-infinity')), array_agg(coalesce(r.last_at, '-infinity')),
    array_agg(coalesce(r.entry_seconds, 'NaN')), array_agg(coalesce(r.entry_amount, 'NaN')),
    array_agg(coalesce(r.exit_seconds, 'NaN')), array_agg(coalesce(r.exit_amount, 'NaN')),
    array_agg(coalesce(r.doubt_below, 'NaN')), array_agg(coalesce(r.doubt_above, 'NaN')),
    array_agg(coalesce(r.peak, 'NaN'))
from unnest(%(series)s::integer[], %(buckets)s::bigint[]) as wanted (series_id, micros)
cross join lateral rollups_of(
    %(period)s, wanted.series_id,
    timestamptz 'epoch' + wanted.micros * interval '1 microsecond',
    timestamptz 'epoch' + (wanted.micros + 1) * interval '1 microsecond'
) r

-- name: rollup_hours
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
    -- include: kpi_engine.windows.rollups.hours_of_spans
) h

-- part: hours_of_spans
-- The hours r of given series and spans, in order.
from unnest(%(series)s::integer[], %(starts)s::bigint[], %(ends)s::bigint[]) as span (series_id, start_us, end_us)
cross join lateral rollups_of(
    'hour', span.series_id,
    timestamptz 'epoch' + span.start_us * interval '1 microsecond',
    timestamptz 'epoch' + span.end_us * interval '1 microsecond'
) r
order by r.series_id, r.bucket
