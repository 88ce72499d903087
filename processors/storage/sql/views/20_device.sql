-- Declared devices with their state, by the rules of ingest/model/freshness.py: only what is live may be shown as live.
-- A device that left its city's file keeps its rows but is not declared; LATERAL reads one row per series.
create view grafana.device as
select
    c.name as city, s.name as site, s.title as site_title, s.vertical,
    d.device_id, d.name as device, d.title, d.type, d.carrier, d.direction,
    extract(epoch from d.expected_interval)::double precision as expected_interval_s,
    grafana.device_state(d.expected_interval, heard.observed_at, heard.received_at, refused.at) as state,
    greatest(0, extract(epoch from now() - heard.observed_at))::double precision as age_s,
    heard.observed_at as last_observed_at,
    heard.received_at as last_received_at,
    status.online,
    grafana.meter_above(declaration, (now() at time zone c.timezone)::date) as submeter_of
from public.city c
cross join lateral jsonb_array_elements(c.document -> 'devices') declaration
join public.device d on d.city_id = c.city_id and d.name = declaration ->> 'name'
join public.site s on s.site_id = d.site_id
left join public.device_status status using (device_id)
cross join lateral (
    select max(newest.time) as observed_at, max(newest.received_at) as received_at
    from public.series r
    join public.newest_reading newest using (series_id)
    where r.device_id = d.device_id
) heard
cross join lateral (
    select max(q.last_received_at) as at
    from public.quarantine q
    where q.city = c.name and q.device = d.name and q.reason like 'clock\_%'
        and q.last_received_at >= now() - 10 * d.expected_interval - interval '30 seconds'
) refused
where (d.valid_from is null or d.valid_from <= (now() at time zone c.timezone)::date)
    and (d.valid_to is null or d.valid_to > (now() at time zone c.timezone)::date)
