-- name: recount_pending
-- Since when readings of series are not rolled up yet: from the last one before the first of those.
select
    m.series_id,
    (extract(epoch from least(m.from_time, coalesce(previous.time, m.from_time))) * 1000000)::bigint as since_us
from (
    select series_id, min(from_time) as from_time from observation_mark where series_id = any(%(series)s) group by 1
) m
left join lateral reading_before(m.series_id, m.from_time - interval '1 microsecond') previous on true

-- name: recount_readings
-- The readings of a series in a span, with the one before and the one after.
select (extract(epoch from r.time) * 1000000)::bigint as at_us, r.value
from (select %(series_id)s::integer as series_id) asked
left join lateral reading_before(asked.series_id, %(start)s) previous on true
left join lateral reading_after(asked.series_id, %(end)s) following on true
cross join lateral readings_of(asked.series_id, coalesce(previous.time, %(start)s), coalesce(following.time, %(end)s)) r
order by r.time
