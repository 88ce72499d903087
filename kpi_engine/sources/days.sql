-- name: hours_of_series
-- The hours of given series and spans in order, an array per column; NaN and -infinity for what is not known. The mean,
-- least and greatest level of an hour are told where enough of it is known.
select
    array_agg(h.series_id), array_agg(h.bucket), array_agg(h.bucket_end), array_agg(h.total), array_agg(h.measured),
    array_agg(h.covered_from), array_agg(h.covered_to), array_agg(h.known), array_agg(h.first_at), array_agg(h.last_at),
    array_agg(h.entry_seconds), array_agg(h.entry_amount), array_agg(h.exit_seconds), array_agg(h.exit_amount),
    array_agg(h.doubt_below), array_agg(h.doubt_above),
    array_agg(case when h.is_level then h.integral / h.weighted else 'NaN' end),
    array_agg(case when h.is_level then h.minimum else 'NaN' end),
    array_agg(case when h.is_level then h.maximum else 'NaN' end)
from (
    select
        r.series_id, r.bucket, r.bucket_end, coalesce(r.total, 'NaN') as total, r.measured,
        coalesce(r.covered_from, '-infinity') as covered_from, coalesce(r.covered_to, '-infinity') as covered_to,
        r.measured + coalesce(r.interpolated, 0) + coalesce(r.estimated_time, 0) as known,
        coalesce(r.first_at, '-infinity') as first_at, coalesce(r.last_at, '-infinity') as last_at,
        coalesce(r.entry_seconds, 'NaN')::double precision as entry_seconds,
        coalesce(r.entry_amount, 'NaN')::double precision as entry_amount,
        coalesce(r.exit_seconds, 'NaN')::double precision as exit_seconds,
        coalesce(r.exit_amount, 'NaN')::double precision as exit_amount,
        coalesce(r.doubt_below, 'NaN')::double precision as doubt_below,
        coalesce(r.doubt_above, 'NaN')::double precision as doubt_above,
        r.integral, r.weighted,
        coalesce(r.minimum, r.integral / nullif(r.weighted, 0)) as minimum,
        coalesce(r.maximum, r.integral / nullif(r.weighted, 0)) as maximum,
        r.integral is not null and r.weighted > 0
        and r.weighted >= %(known_from)s * extract(epoch from r.bucket_end - r.bucket) as is_level
    -- include: kpi_engine.windows.rollups.hours_of_spans
) h
