-- From when to when readings of a city's series are stored.
select device.name, quantity, first.time, last.time
from city
join device using (city_id)
join series using (device_id)
cross join lateral (
    select time from observation where observation.series_id = series.series_id order by time limit 1
) as first
cross join lateral (
    select time from observation where observation.series_id = series.series_id order by time desc limit 1
) as last
where city.name = %(city)s
