-- What balances leave over in civil hours, days and months of the city's zone (`period`): a main meter against its submeters,
-- plants against the meters they serve, heat counted against heat carried. `amount` is what goes in less what comes out, or
-- counted less carried, null with a `reason` unless every meter is known from edge to edge; `reference` is what it is part of.
create view grafana.residual as
select
    c.name as city, s.name as site, s.title as site_title, s.vertical,
    d.name as device, d.title as device_title,
    r.series_id, r.quantity, r.title, r.unit,
    u.period, u.bucket as time, u.bucket_end as time_end,
    u.value as amount, u.reference,
    case when u.reference > 0 then u.value / u.reference end as share,
    u.estimated, u.reason
from public.kpi_residual u
join public.kpi_residual_series r using (series_id)
join public.device d using (device_id)
join public.site s using (site_id)
join public.city c on c.city_id = d.city_id
