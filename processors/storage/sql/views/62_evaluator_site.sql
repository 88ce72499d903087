-- Sites, but those of too few households for any figure.
create view evaluator.site as
select c.name as city, s.name as site, s.title, s.vertical, s.valid_from, s.valid_to
from public.site s
join public.city c using (city_id)
where exists (select from public.evaluator_open_site o where o.site_id = s.site_id)
    or exists (
        select from public.evaluator_figure f
        join public.evaluator_city e using (city_id)
        where f.site_id = s.site_id and f.months <> '{}' and e.is_ruled
    )
