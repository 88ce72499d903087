-- Every series of the declared devices in scope with its newest reading, by city and device: LATERAL reads one row
-- per series, however many there are. A device that left its city's file keeps its rows but is not declared.
with declared as (
    select c.city_id, declaration ->> 'name' as name
    from city c, jsonb_array_elements(c.document -> 'devices') as declaration
)
select
    c.name as city, s.name as site, s.vertical, d.name, d.title, d.type,
    (extract(epoch from d.expected_interval) * 1000000)::bigint as expected_interval,
    status.online, refused.at as clock_refused_at,
    r.series_id, r.quantity, r.unit, r.kind, newest.time, newest.received_at, newest.value, newest.quality
from device d
join declared using (city_id, name)
join city c using (city_id)
join site s on s.site_id = d.site_id
join series r on r.device_id = d.device_id
left join device_status status on status.device_id = d.device_id
left join lateral (
    select max(q.last_received_at) as at
    from quarantine q
    where q.city = c.name
        and q.device = d.name
        and q.reason like 'clock\_%%'
        and q.last_received_at > %(now)s - 10 * d.expected_interval - interval '1 minute'
) refused on true
left join lateral (
    select o.time, o.received_at, o.value, o.quality
    from observation o
    where o.series_id = r.series_id
    order by o.time desc
    limit 1
) newest on true
where (%(cities)s::text[] is null or c.name = any(%(cities)s))
    and (%(site)s::text is null or s.name = %(site)s)
    and (%(vertical)s::text is null or s.vertical = %(vertical)s)
    and (d.valid_from is null or d.valid_from <= (%(now)s at time zone c.timezone)::date)
    and (d.valid_to is null or d.valid_to > (%(now)s at time zone c.timezone)::date)
order by c.name, d.name, r.series_id
