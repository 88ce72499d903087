-- name: window_context_after
-- Returns until when the level of a register that jitters may depend on a reading: to where it next moves by more than its
-- tolerance, or to its last reading.
select array_agg(w.slot), array_agg(coalesce(packed.time, anchor.time, newest.time, kept.time))
from unnest(%(series)s::integer[], %(at)s::timestamptz[], %(jitter)s::double precision[])
    with ordinality as w (series_id, at, jitter, slot)
cross join lateral (
    select c.time, c.value, w.jitter + 1e-12 * abs(c.value) as tolerance
    from reading_after(w.series_id, w.at) c
    offset 0 -- found once, not for every row of what it bounds
) kept
left join lateral (
    select a.time from observation a
    where a.series_id = w.series_id and a.time > kept.time
      and (a.value >= kept.value + 2 * kept.tolerance or a.value > 0 and a.value < kept.value - 3 * kept.tolerance)
    order by a.time limit 1
) anchor on true
left join lateral (
    select a.time from packed_after(w.series_id, kept.time, anchor.time) a
    where a.time > kept.time
      and (a.value >= kept.value + 2 * kept.tolerance or a.value > 0 and a.value < kept.value - 3 * kept.tolerance)
    order by a.starts, a.time limit 1
) packed on true
left join lateral (
    select f.time from reading_before(w.series_id, 'infinity') f
    where anchor.time is null and packed.time is null
) newest on true

-- name: window_context_before
-- Returns since when a register that jitters must be known, so that its level at a reading is known: from where it last
-- moved by more than its tolerance, or ever.
select array_agg(w.slot), array_agg(coalesce(packed.time, anchor.time, oldest.time, kept.time))
from unnest(%(series)s::integer[], %(at)s::timestamptz[], %(jitter)s::double precision[])
    with ordinality as w (series_id, at, jitter, slot)
cross join lateral (
    select c.time, c.value, w.jitter + 1e-12 * abs(c.value) as tolerance
    from reading_before(w.series_id, w.at) c
    offset 0 -- found once, not for every row of what it bounds
) kept
left join lateral (
    select a.time from observation a
    where a.series_id = w.series_id and a.time < kept.time
      and (a.value > kept.value + 3 * kept.tolerance or a.value > 0 and a.value <= kept.value - 2 * kept.tolerance)
    order by a.time desc limit 1
) anchor on true
left join lateral (
    select a.time from packed_before(w.series_id, kept.time, anchor.time) a
    where a.time < kept.time
      and (a.value > kept.value + 3 * kept.tolerance or a.value > 0 and a.value <= kept.value - 2 * kept.tolerance)
    order by a.starts desc, a.time desc limit 1
) packed on true
left join lateral (
    select f.time from reading_after(w.series_id, '-infinity') f
    where anchor.time is null and packed.time is null
) oldest on true
