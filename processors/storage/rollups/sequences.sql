-- name: rollups_sequence_rows
-- Rollups of many series that are rows, in a half-open range: place of the series, and an array per field, in any order.
select
    array_agg(w.place::integer),
    -- include: processors.storage.rollups.rollups.rollup_arrays
from unnest(%(series)s::integer[]) with ordinality as w (series_id, place)
cross join lateral rollup_rows_of(%(period)s, w.series_id, %(start)s, %(end)s) r

-- name: rollups_sequence_blocks
-- The blocks of packed hours of many series in a half-open range, whole as they are kept: place of the series, start, and
-- an array per column; null where every hour of the block holds null. An array of one element stands for as many as there
-- are hours.
select
    w.place::integer, (extract(epoch from b.starts) * 1000000)::bigint,
    b.at, alike(b.seconds), alike(b.count), b.minimum, b.maximum, b.total, b.integral, alike(b.estimated),
    alike(b.measured), alike(b.weighted), alike(b.covered_from), alike(b.covered_to), alike(b.measured_from),
    alike(b.measured_to), alike(b.rejected), alike(b.contract), alike(b.interpolated), alike(b.estimated_time),
    alike(b.pause), alike(b.first_at), alike(b.last_at), alike(b.entry_seconds), b.entry_amount, alike(b.exit_seconds),
    b.exit_amount, b.doubt_below, b.doubt_above, b.peak
from unnest(%(series)s::integer[]) with ordinality as w (series_id, place)
join rollup_block b using (series_id)
where b.starts > %(start)s::timestamptz - interval '192 hours' and b.starts < %(end)s and b.ends > %(start)s
order by w.place, b.starts
