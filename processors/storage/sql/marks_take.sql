-- Takes the oldest marks of touched readings, one row per series and month with the extent of its marks.
with taken as (
    delete from observation_mark
    where seq in (select seq from observation_mark order by seq limit %(limit)s)
    returning series_id, from_time, to_time
)
select
    series_id,
    (extract(epoch from min(from_time)) * 1000000)::bigint as from_time,
    (extract(epoch from max(to_time)) * 1000000)::bigint as to_time
from taken
group by series_id, date_trunc('month', from_time)
order by series_id, from_time
