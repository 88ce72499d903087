-- The id of every series by city, device and quantity.
select city.name, device.name, quantity, series_id
from series join device using (device_id) join city using (city_id)
