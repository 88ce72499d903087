-- Returns the readings around spans of series that figures do not leave out, as one row of arrays; -infinity where there
-- is none.
select
    array_agg(w.slot), array_agg(coalesce(previous.time, '-infinity')), array_agg(coalesce(following.time, '-infinity'))
from unnest(%(series)s::integer[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
    with ordinality as w (series_id, from_time, to_time, slot)
left join lateral (
    select o.time from observation o
    where o.series_id = w.series_id and o.time < w.from_time
        and not exists (
            select from reading_quality q where q.series_id = o.series_id and q.time = o.time and q.flags & 8 <> 0
        )
    order by o.time desc limit 1
) previous on true
left join lateral (
    select o.time from observation o
    where o.series_id = w.series_id and o.time > w.to_time
        and not exists (
            select from reading_quality q where q.series_id = o.series_id and q.time = o.time and q.flags & 8 <> 0
        )
    order by o.time limit 1
) following on true
