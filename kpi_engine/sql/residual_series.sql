-- The residual series that are known, with the names and the definition that decide their values.
select r.series_id, c.name as city, d.name as device, r.quantity, r.definition
from kpi_residual_series r
join device d using (device_id)
join city c using (city_id)
