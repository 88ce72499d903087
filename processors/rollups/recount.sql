-- name: recount_pending
-- Stretches of series in which readings wait to be rolled up: from the last reading before them to the first one after,
-- with a margin at both ends, cut to the time that is asked for.
select
    pending.series_id,
    (extract(epoch from greatest(
        least(lower(island) + %(margin)s, previous.time) - %(margin)s, %(first)s::timestamptz
    )) * 1000000)::bigint as start_us,
    (extract(epoch from least(
        greatest(upper(island) - %(margin)s, following.time) + %(margin)s, %(last)s::timestamptz
    )) * 1000000)::bigint as end_us
from (
    select
        m.series_id,
        range_agg(tstzrange(m.from_time - %(margin)s::interval, m.to_time + %(margin)s::interval, '[]')) as islands
    from observation_mark m
    where m.series_id = any(%(series)s)
    group by m.series_id
) pending
cross join lateral unnest(pending.islands) as island
left join lateral reading_before(
    pending.series_id, lower(island) + %(margin)s - interval '1 microsecond'
) previous on true
left join lateral reading_after(
    pending.series_id, upper(island) - %(margin)s + interval '1 microsecond'
) following on true
order by 1, 2

-- name: recount_readings
-- The readings of a series in a span, with the one before and the one after.
select (extract(epoch from r.time) * 1000000)::bigint as at_us, r.value
from (select %(series_id)s::integer as series_id) asked
left join lateral reading_before(asked.series_id, %(start)s) previous on true
left join lateral reading_after(asked.series_id, %(end)s) following on true
cross join lateral readings_of(asked.series_id, coalesce(previous.time, %(start)s), coalesce(following.time, %(end)s)) r
order by r.time
