-- The id of every device by city and name.
select city.name, device.name, device_id from device join city using (city_id)
