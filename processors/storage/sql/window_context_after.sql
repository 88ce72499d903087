-- Returns until when what happens at a reading of a register, and its level, may depend on readings before: to the next
-- reading above zero, and where it jitters to where it next moves by more than its tolerance, or to its last one.
select array_agg(w.slot), array_agg(coalesce(anchor.time, newest.time, kept.time))
from unnest(%(series)s::integer[], %(at)s::timestamptz[], %(jitter)s::double precision[])
    with ordinality as w (series_id, at, jitter, slot)
cross join lateral (
    select c.time, c.value, w.jitter + 1e-12 * abs(c.value) as tolerance
    from (
        select o.time, o.value from observation o
        where o.series_id = w.series_id and o.time >= w.at
        order by o.time limit %(readings)s
    ) c
    order by c.value > 0 desc, c.time limit 1
) kept
left join lateral (
    select a.time from observation a
    where w.jitter > 0 and a.series_id = w.series_id and a.time > kept.time
      and (a.value >= kept.value + 2 * kept.tolerance or a.value > 0 and a.value < kept.value - 3 * kept.tolerance)
    order by a.time limit 1
) anchor on true
left join lateral (
    select f.time from observation f
    where w.jitter > 0 and anchor.time is null and f.series_id = w.series_id
    order by f.time desc limit 1
) newest on true
