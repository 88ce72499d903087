-- Takes marks of touched readings, one row per series and month with the extent of its marks: the oldest and the newest,
-- so that live readings do not wait for history, each as many as hours are expected of them, and at least one.
with oldest as (
    select seq, sum(hours) over (order by seq) - hours as hours_before
    from (
        select seq, extract(epoch from to_time - from_time) / 3600 + 1 as hours
        from observation_mark order by seq limit %(limit)s
    ) as waiting
), newest as (
    select seq, sum(hours) over (order by seq desc) - hours as hours_before
    from (
        select seq, extract(epoch from to_time - from_time) / 3600 + 1 as hours
        from observation_mark order by seq desc limit %(limit)s
    ) as waiting
), taken as (
    delete from observation_mark
    where seq in (
        select seq from oldest where hours_before < %(hours)s
        union
        select seq from newest where hours_before < %(hours)s
    )
    returning series_id, from_time, to_time
)
select
    series_id,
    (extract(epoch from min(from_time)) * 1000000)::bigint as from_time,
    (extract(epoch from max(to_time)) * 1000000)::bigint as to_time
from taken
group by series_id, date_trunc('month', from_time)
order by series_id, from_time
