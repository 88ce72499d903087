-- name: city_document
-- A city as its file was applied last.
select document from city where name = %(city)s

-- name: city_figures_of_devices
-- How many current figures of a city, or of its sites, name any of some devices among their inputs.
select count(*)
from kpi_value join city using (city_id)
where city.name = %(city)s and superseded_at is null and inputs::text like any(%(patterns)s::text[])

-- name: city_stored_spans
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
