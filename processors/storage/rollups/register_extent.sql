-- name: window_context_after
-- Returns until when the level of a register that jitters may depend on a reading: to where it next moves by more than its
-- tolerance, or to its last reading.
select array_agg(w.slot), array_agg(coalesce(anchor.time, newest.time, kept.time))
from unnest(%(series)s::integer[], %(at)s::timestamptz[], %(jitter)s::double precision[])
    with ordinality as w (series_id, at, jitter, slot)
cross join lateral (
    select c.time, c.value, w.jitter + 1e-12 * abs(c.value) as tolerance
    from observation c
    where c.series_id = w.series_id and c.time >= w.at
    order by c.time limit 1
) kept
left join lateral (
    select a.time from observation a
    where a.series_id = w.series_id and a.time > kept.time
      and (a.value >= kept.value + 2 * kept.tolerance or a.value > 0 and a.value < kept.value - 3 * kept.tolerance)
    order by a.time limit 1
) anchor on true
left join lateral (
    select f.time from observation f
    where anchor.time is null and f.series_id = w.series_id
    order by f.time desc limit 1
) newest on true

-- name: window_context_before
-- Returns since when a register that jitters must be known, so that its level at a reading is known: from where it last
-- moved by more than its tolerance, or ever.
select array_agg(w.slot), array_agg(coalesce(anchor.time, oldest.time, kept.time))
from unnest(%(series)s::integer[], %(at)s::timestamptz[], %(jitter)s::double precision[])
    with ordinality as w (series_id, at, jitter, slot)
cross join lateral (
    select c.time, c.value, w.jitter + 1e-12 * abs(c.value) as tolerance
    from observation c
    where c.series_id = w.series_id and c.time <= w.at
    order by c.time desc limit 1
) kept
left join lateral (
    select a.time from observation a
    where a.series_id = w.series_id and a.time < kept.time
      and (a.value > kept.value + 3 * kept.tolerance or a.value > 0 and a.value <= kept.value - 2 * kept.tolerance)
    order by a.time desc limit 1
) anchor on true
left join lateral (
    select f.time from observation f
    where anchor.time is null and f.series_id = w.series_id
    order by f.time limit 1
) oldest on true
