-- Returns the flags of readings in spans of series as one row of arrays, in any order.
select array_agg(w.slot), array_agg(q.time), array_agg(q.flags)
from unnest(%(series)s::integer[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
    with ordinality as w (series_id, from_time, to_time, slot)
join reading_quality q on q.series_id = w.series_id and q.time >= w.from_time and q.time < w.to_time
