-- name: export_readings
-- The next readings of series in their order, each from its own time on, an array per column. Sorted again by whoever
-- reads them; the plan follows the order of the series, so that the limit ends it early.
select
    array_agg(r.place), array_agg(r.time), array_agg(r.value), array_agg(r.received_at), array_agg(r.quality::integer),
    array_agg(r.flags::integer)
from (
    select w.place::integer as place, o.time, o.value, o.received_at, o.quality, coalesce(j.flags, 0) as flags
    from unnest(%(series)s::integer[], %(starts)s::bigint[]) with ordinality as w (series_id, start_us, place)
    cross join lateral first_readings(
        w.series_id,
        timestamptz 'epoch' + w.start_us * interval '1 microsecond',
        timestamptz 'epoch' + (%(end)s::bigint - 1) * interval '1 microsecond',
        %(limit)s
    ) o
    left join reading_quality j on j.series_id = w.series_id and j.time = o.time
    limit %(limit)s
) r
