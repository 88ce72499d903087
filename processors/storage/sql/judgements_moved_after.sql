-- Returns until when readings must be known to tell how long a value stands: to the next other value, or as far ahead as
-- matters.
select array_agg(w.slot), array_agg(coalesce(other.time, w.at + w.longest))
from unnest(%(series)s::integer[], %(at)s::timestamptz[], %(value)s::double precision[], %(longest)s::interval[])
    with ordinality as w (series_id, at, value, longest, slot)
left join lateral (
    select o.time from observation o
    where o.series_id = w.series_id and o.time > w.at and o.time <= w.at + w.longest and o.value <> w.value
    order by o.time limit 1
) other on true
