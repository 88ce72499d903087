-- What the city's weather stations or its grid say now; null unless the device is live.
select device_title, live_value as value
from grafana.latest_value
where city = ${city:sqlstring} and type in ('weather_station', 'grid_signal') and quantity = '@quantity@'
order by device_title
