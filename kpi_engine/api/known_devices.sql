-- name: api_devices
-- Every series of the declared devices in scope with its newest reading, those of a device together: LATERAL reads one row
-- per series, however many there are. A device that left its city's file keeps its rows but is not declared.
with declared as materialized (
    select c.city_id, c.name as city, c.timezone, declaration ->> 'name' as name
    from city c, jsonb_array_elements(c.document -> 'devices') as declaration
    where %(cities)s::text[] is null or c.name = any(%(cities)s)
),
in_scope as materialized (
    select declared.city, s.name as site, s.vertical, d.device_id, d.name, d.title, d.type, d.expected_interval
    from declared
    join device d using (city_id, name)
    join site s on s.site_id = d.site_id
    where (%(site)s::text is null or s.name = %(site)s)
        and (%(vertical)s::text is null or s.vertical = %(vertical)s)
        and (%(quantity)s::text is null
            or exists (select from series where device_id = d.device_id and quantity = %(quantity)s))
        and (d.valid_from is null or d.valid_from <= (%(now)s at time zone declared.timezone)::date)
        and (d.valid_to is null or d.valid_to > (%(now)s at time zone declared.timezone)::date)
),
refused as materialized (
    select q.city, q.sender as name, max(q.last_received_at) as at
    from quarantine q
    join in_scope on in_scope.city = q.city and in_scope.name = q.sender
    where q.reason like 'clock\_%%'
        and q.last_received_at > %(now)s - 10 * in_scope.expected_interval - interval '1 minute'
    group by q.city, q.sender
)
select
    d.city, d.site, d.vertical, d.name, d.title, d.type,
    (extract(epoch from d.expected_interval) * 1000000)::bigint as expected_interval,
    status.online, refused.at as clock_refused_at,
    r.series_id, r.quantity, r.unit, r.kind, newest.time, newest.received_at, newest.value, newest.quality
from in_scope d
join series r using (device_id)
left join device_status status using (device_id)
left join refused on refused.city = d.city and refused.name = d.name
left join newest_reading newest using (series_id)
order by d.device_id, r.series_id
