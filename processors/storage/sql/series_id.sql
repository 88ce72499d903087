-- The id of a series by its names.
select series_id
from series join device using (device_id) join city using (city_id)
where city.name = %(city)s and device.name = %(device)s and quantity = %(quantity)s
