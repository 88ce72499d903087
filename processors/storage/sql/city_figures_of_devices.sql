-- How many current figures of a city, or of its sites, name any of some devices among their inputs.
select count(*)
from kpi_value join city using (city_id)
where city.name = %(city)s and superseded_at is null and inputs::text like any(%(patterns)s::text[])
