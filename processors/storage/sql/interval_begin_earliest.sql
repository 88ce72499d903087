-- The earliest begin that readings of some series gave in some spans of time, whichever of their values came with it;
-- only of spans with any. As one row of arrays, in any order.
select array_agg(slot), array_agg(earliest)
from unnest(%(series)s::integer[], %(from)s::timestamptz[], %(to)s::timestamptz[])
    with ordinality as wanted (series_id, from_time, to_time, slot)
cross join lateral (
    select min(begin) as earliest from interval_begin as given
    where given.series_id = wanted.series_id and given.time >= from_time and given.time <= to_time
) as found
where earliest is not null
