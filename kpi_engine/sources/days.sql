-- name: hours_of_series
-- The hours of given series and spans, an array per column; NaN and -infinity for what is not known. Of each hour its
-- series, times eight and with what is told of it (1: that it is not whole, 2: what crossed its edges or is in doubt,
-- 4: levels), its begin, and what was counted; the other columns of those alone of which they are told. The mean, least
-- and greatest level are told where enough of the hour is known.
select
    array_agg(h.code), array_agg(h.bucket), array_agg(h.total),
    array_agg(h.bucket_end) filter (where h.code & 1 > 0),
    array_agg(h.measured) filter (where h.code & 1 > 0),
    array_agg(coalesce(h.covered_from, '-infinity')) filter (where h.code & 1 > 0),
    array_agg(coalesce(h.covered_to, '-infinity')) filter (where h.code & 1 > 0),
    array_agg(h.measured + coalesce(h.interpolated, 0) + coalesce(h.estimated_time, 0)) filter (where h.code & 1 > 0),
    array_agg(coalesce(h.first_at, '-infinity')) filter (where h.code & 2 > 0),
    array_agg(coalesce(h.last_at, '-infinity')) filter (where h.code & 2 > 0),
    array_agg(coalesce(h.entry_seconds, 'NaN')::double precision) filter (where h.code & 2 > 0),
    array_agg(coalesce(h.entry_amount, 'NaN')::double precision) filter (where h.code & 2 > 0),
    array_agg(coalesce(h.exit_seconds, 'NaN')::double precision) filter (where h.code & 2 > 0),
    array_agg(coalesce(h.exit_amount, 'NaN')::double precision) filter (where h.code & 2 > 0),
    array_agg(coalesce(h.doubt_below, 'NaN')::double precision) filter (where h.code & 2 > 0),
    array_agg(coalesce(h.doubt_above, 'NaN')::double precision) filter (where h.code & 2 > 0),
    array_agg(h.integral / h.weighted) filter (where h.code & 4 > 0),
    array_agg(coalesce(h.minimum, h.integral / h.weighted)) filter (where h.code & 4 > 0),
    array_agg(coalesce(h.maximum, h.integral / h.weighted)) filter (where h.code & 4 > 0)
from (
    select
        r.series_id * 8::bigint + case
            when r.measured = 3600 and r.covered_from = r.bucket and r.covered_to = r.bucket_end
                and r.bucket_end = r.bucket + interval '1 hour'
                and coalesce(r.interpolated, 0) = 0 and coalesce(r.estimated_time, 0) = 0 then 0
            else 1
        end + case
            when r.entry_seconds is null and r.exit_seconds is null and r.doubt_below is null and r.doubt_above is null then 0
            else 2
        end + case
            when r.integral is not null and r.weighted > 0
                and r.weighted >= %(known_from)s * extract(epoch from r.bucket_end - r.bucket) then 4
            else 0
        end as code,
        r.bucket, coalesce(r.total, 'NaN') as total, r.bucket_end, r.measured, r.covered_from, r.covered_to, r.interpolated,
        r.estimated_time, r.first_at, r.last_at, r.entry_seconds, r.entry_amount, r.exit_seconds, r.exit_amount,
        r.doubt_below, r.doubt_above, r.integral, r.weighted, r.minimum, r.maximum
    from unnest(%(series)s::integer[], %(starts)s::bigint[], %(ends)s::bigint[]) as span (series_id, start_us, end_us)
    cross join lateral rollups_of(
        'hour', span.series_id,
        timestamptz 'epoch' + span.start_us * interval '1 microsecond',
        timestamptz 'epoch' + span.end_us * interval '1 microsecond'
    ) r
    offset 0 -- what is told of an hour is found once
) h
