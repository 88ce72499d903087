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
