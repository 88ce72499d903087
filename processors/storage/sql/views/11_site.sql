-- Sites, for the variable of that name; `title` of the city beside its own.
create view grafana.site as
select c.name as city, c.title as city_title, s.name as site, s.title, s.vertical, s.valid_from, s.valid_to
from public.site s
join public.city c using (city_id)
