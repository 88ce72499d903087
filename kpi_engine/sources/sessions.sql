-- name: sessions_of_series
-- The sessions that begin in given spans at the devices of given series, an array per column, by span and begin; NaN and
-- -infinity for what is not known.
select
    array_agg(found.slot), array_agg(found.begin_at), array_agg(found.end_at), array_agg(found.energy),
    array_agg(found.lower), array_agg(found.upper), array_agg(found.is_read)
from (
    select
        span.slot, c.begin_at, coalesce(c.end_at, '-infinity') as end_at, coalesce(c.energy_kwh, 'NaN') as energy,
        coalesce(c.lower_kwh, 'NaN') as lower, coalesce(c.upper_kwh, 'NaN') as upper,
        (source.name = %(assembled)s)::integer as is_read
    from unnest(%(slots)s::integer[], %(series)s::integer[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
        as span (slot, series_id, from_time, to_time)
    join series using (series_id)
    join charging_session c
        on c.device_id = series.device_id and c.begin_at >= span.from_time and c.begin_at < span.to_time
    join source using (source_id)
    order by span.slot, c.begin_at, c.transaction_id
) found
