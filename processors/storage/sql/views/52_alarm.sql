-- Alarms by the time they were raised; open until `cleared_at`. `value` and `threshold` are in `unit`. Who acknowledged is left out.
create view grafana.alarm as
select
    a.alarm_id, c.name as city, s.name as site, s.title as site_title, s.vertical, d.name as device, d.title as device_title,
    a.rule, a.severity, a.raised_at as time, a.cleared_at, a.cleared_at is null as open,
    a.acknowledged_at, a.value, a.threshold, a.unit, a.detail
from public.alarm a
join public.device d using (device_id)
join public.site s on s.site_id = d.site_id
join public.city c on c.city_id = d.city_id
