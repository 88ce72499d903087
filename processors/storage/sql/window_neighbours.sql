-- Copies out each window widened to the stored readings before and after it, -infinity or its own end where none is.
copy (
    select
        w.slot,
        coalesce(previous.time, '-infinity') as from_time,
        coalesce(following.time, '-infinity') as to_time
    from rollup_window w
    left join lateral (
        select o.time from observation o
        where o.series_id = w.series_id and o.time < w.from_time
        order by o.time desc limit 1
    ) previous on true
    left join lateral (
        select o.time from observation o
        where o.series_id = w.series_id and o.time > w.to_time
        order by o.time limit 1
    ) following on true
    order by w.slot
) to stdout (format binary)
