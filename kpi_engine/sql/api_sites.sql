-- Sites of a city.
select s.name, s.title, s.vertical, s.facts, s.valid_from, s.valid_to
from site s
join city c using (city_id)
where c.name = %(city)s and (%(vertical)s::text is null or s.vertical = %(vertical)s)
order by s.name
