-- The newest reading of every series of the declared devices. `live_value` is null unless the device is live: a panel
-- that says "now" reads it, so that nothing old is ever shown as live.
create view grafana.latest_value as
select
    d.city, d.site, d.site_title, d.vertical, d.device, d.title as device_title, d.type, d.carrier, d.direction,
    r.series_id, r.quantity, r.unit, r.kind,
    newest.time, newest.received_at, newest.value,
    case when d.state = 'live' then newest.value end as live_value,
    d.state,
    greatest(0, extract(epoch from now() - newest.time))::double precision as age_s,
    d.submeter_of
from grafana.device d
join public.series r using (device_id)
left join public.newest_reading newest using (series_id)
