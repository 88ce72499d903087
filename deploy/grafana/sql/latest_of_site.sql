-- The newest reading of every series at the chosen site, as old as it is.
select device_title, quantity, value, unit, state, time, age_s
from grafana.latest_value
where city = ${city:sqlstring} and site = ${site:sqlstring} and vertical = '@vertical@'
order by device_title, quantity
