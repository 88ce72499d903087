-- Groups, whose members are not told.
create view evaluator.site_group as
select c.name as city, g.name as site_group, g.title
from public.site_group g
join public.city c using (city_id)
