-- name: sequence_blocks_planned
-- The blocks of series in which readings of a half-open range may be: place of the series, start, and how many readings.
select array_agg(place), array_agg(starts), array_agg(readings)
from (
    select w.place::integer as place, b.starts, cardinality(b.at) as readings
    from unnest(%(series)s::integer[]) with ordinality as w (series_id, place)
    join observation_block b using (series_id)
    where b.starts > %(start)s - interval '192 hours' and b.starts < %(end)s and b.ends >= %(start)s and b.begins < %(end)s
    order by 1, 2
) as planned

-- name: sequence_blocks
-- What some blocks hold, by places of series and starts: an array per column, whole as it is kept.
select b.at, b.received, b.value, b.quality
from unnest(%(series)s::integer[], %(starts)s::bigint[]) with ordinality as w (series_id, start_us, number)
join observation_block b
    on b.series_id = w.series_id and b.starts = timestamptz 'epoch' + w.start_us * interval '1 microsecond'
order by w.number

-- name: sequence_rows
-- The next readings of series that are rows, in the order of the series, each from its own time on, an array per column.
-- Sorted again by whoever reads them; the plan follows the order of the series, so that the limit ends it early.
select
    array_agg(r.place), array_agg(r.time), array_agg(r.received_at), array_agg(r.value), array_agg(r.quality)
from (
    select w.place::integer as place, o.time, o.received_at, o.value, o.quality
    from unnest(%(series)s::integer[], %(starts)s::bigint[]) with ordinality as w (series_id, start_us, place)
    cross join lateral (
        select o.time, o.received_at, o.value, o.quality
        from observation o
        where o.series_id = w.series_id and o.time >= timestamptz 'epoch' + w.start_us * interval '1 microsecond'
            and o.time < %(end)s
        order by o.time limit %(limit)s
    ) o
    limit %(limit)s
) r

-- name: sequence_flags
-- What readings of series were judged to be, each in a time of its own, both ends included.
select array_agg(w.place::integer), array_agg(q.time), array_agg(q.flags)
from unnest(%(series)s::integer[], %(firsts)s::bigint[], %(lasts)s::bigint[])
    with ordinality as w (series_id, first_us, last_us, place)
join reading_quality q
    on q.series_id = w.series_id and q.time >= timestamptz 'epoch' + w.first_us * interval '1 microsecond'
    and q.time <= timestamptz 'epoch' + w.last_us * interval '1 microsecond'
