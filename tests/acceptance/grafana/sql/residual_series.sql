-- A residual series of every site.
insert into kpi_residual_series (device_id, quantity, title, unit, definition, members)
select min(device_id), 'heat_meter_balance', 'Heat between a main meter and its submeters', 'kWh', '', '[]'
from device group by site_id
