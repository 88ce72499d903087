-- The newest reading of every series of the declared devices. `live_value` is null unless the device is live: a panel
-- that says "now" reads it, so that nothing old is ever shown as live. Each series is looked up once, for its value and
-- for the state of its device, which is that of grafana.device.
create view grafana.latest_value as
select
    c.name as city, s.name as site, s.title as site_title, s.vertical, d.name as device, d.title as device_title,
    d.type, d.carrier, d.direction,
    every.series_id, every.quantity, every.unit, every.kind,
    every.time, every.received_at, every.value,
    case when judged.state = 'live' then every.value end as live_value,
    judged.state,
    greatest(0, extract(epoch from now() - every.time))::double precision as age_s,
    grafana.meter_above(declaration, (now() at time zone c.timezone)::date) as submeter_of
from public.city c
cross join lateral jsonb_array_elements(c.document -> 'devices') declaration
join public.device d on d.city_id = c.city_id and d.name = declaration ->> 'name'
join public.site s on s.site_id = d.site_id
cross join lateral (
    select max(q.last_received_at) as at
    from public.quarantine q
    where q.city = c.name and q.device = d.name and q.reason like 'clock\_%'
        and q.last_received_at >= now() - 10 * d.expected_interval - interval '30 seconds'
) refused
cross join lateral (
    select
        r.series_id, r.quantity, r.unit, r.kind, newest.time, newest.received_at, newest.value,
        max(newest.time) over () as observed_at, max(newest.received_at) over () as heard_at
    from public.series r
    left join public.newest_reading newest using (series_id)
    where r.device_id = d.device_id
) every
cross join lateral (
    select grafana.device_state(d.expected_interval, every.observed_at, every.heard_at, refused.at) as state
) judged
where (d.valid_from is null or d.valid_from <= (now() at time zone c.timezone)::date)
    and (d.valid_to is null or d.valid_to > (now() at time zone c.timezone)::date)
