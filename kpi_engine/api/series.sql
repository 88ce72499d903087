-- name: api_series
-- Series in scope; every filter is optional.
select
    r.series_id, c.name as city, s.name as site, s.vertical, d.name as device, r.quantity, r.unit, r.kind, r.register_contract,
    c.timezone as zone,
    (extract(epoch from d.expected_interval) * 1000000)::bigint as expected_interval,
    (12 * extract(year from d.expected_interval) + extract(month from d.expected_interval))::int as interval_months,
    extract(day from d.expected_interval)::int as interval_days,
    (extract(epoch from coalesce(r.stamp_tolerance, d.expected_interval / 60)) * 1000000)::bigint as stamp_tolerance,
    (extract(epoch from r.max_gap) * 1000000)::bigint as max_gap,
    (extract(epoch from coalesce(r.filling, r.max_gap)) * 1000000)::bigint as filling
from series r
-- include: kpi_engine.api.series.series_wanted

-- part: series_wanted
-- The device, city and site of series r that are in scope; every filter is optional.
join device d using (device_id)
join city c using (city_id)
join site s on s.site_id = d.site_id
where (%(cities)s::text[] is null or c.name = any(%(cities)s))
    and (%(series_id)s::int is null or r.series_id = %(series_id)s)
    and (%(site)s::text is null or s.name = %(site)s)
    and (%(device)s::text is null or d.name = %(device)s)
    and (%(vertical)s::text is null or s.vertical = %(vertical)s)
    and (%(quantity)s::text is null or r.quantity = %(quantity)s)
order by r.series_id
