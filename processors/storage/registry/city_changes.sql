-- name: city_document
-- A city as its file was applied last.
select document from city where name = %(city)s

-- name: city_figures_of_inputs
-- How many current figures of a city, or of its sites, rest on given inputs.
select count(*)
from figure f
join city c using (city_id)
join unnest(%(batches)s::integer[], %(places)s::smallint[]) as named (batch_id, place) using (batch_id, place)
where c.name = %(city)s and f.superseded_at is null

-- name: city_stored_spans
-- From when to when readings of a city's series are stored.
select device.name, quantity, first.time, last.time
from city
join device using (city_id)
join series using (device_id)
cross join lateral reading_after(series.series_id, '-infinity') as first
cross join lateral reading_before(series.series_id, 'infinity') as last
where city.name = %(city)s
