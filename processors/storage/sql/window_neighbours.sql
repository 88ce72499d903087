-- Returns the stored readings before and after each window, as one row of arrays, in any order; -infinity and NaN where
-- there is none.
select
    array_agg(w.slot),
    array_agg(coalesce(previous.time, '-infinity')),
    array_agg(coalesce(following.time, '-infinity')),
    array_agg(coalesce(previous.value, 'NaN')),
    array_agg(coalesce(following.value, 'NaN'))
from rollup_window w
left join lateral (
    select o.time, o.value from observation o
    where o.series_id = w.series_id and o.time < w.from_time
    order by o.time desc limit 1
) previous on true
left join lateral (
    select o.time, o.value from observation o
    where o.series_id = w.series_id and o.time > w.to_time
    order by o.time limit 1
) following on true
