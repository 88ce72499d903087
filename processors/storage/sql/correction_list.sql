-- Corrections of a city, of a device or of all, the latest first.
select correction_id, city.name, device.name, quantity, unit, from_time, to_time, value, readings, author, reason,
    entered_at, withdrawn_at, withdrawn_by, withdrawn_for
from correction join series using (series_id) join device using (device_id) join city using (city_id)
where (%(city)s::text is null or city.name = %(city)s) and (%(device)s::text is null or device.name = %(device)s)
order by correction_id desc
