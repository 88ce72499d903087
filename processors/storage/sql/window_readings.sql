-- Returns the readings of all windows as one row of arrays, in any order: from the last at or before a window's start
-- to the first at or after its end.
select array_agg(w.slot), array_agg(o.time), array_agg(o.value)
from rollup_window w
left join lateral (
    select p.time from observation p
    where p.series_id = w.series_id and p.time <= w.from_time
    order by p.time desc limit 1
) previous on true
left join lateral (
    select f.time from observation f
    where f.series_id = w.series_id and f.time >= w.to_time
    order by f.time limit 1
) following on true
cross join lateral (
    select r.time, r.value from observation r
    where r.series_id = w.series_id
      and r.time >= coalesce(previous.time, w.from_time)
      and r.time <= coalesce(following.time, w.to_time)
    offset 0 -- keeps the bounds in the index look-up
) o
