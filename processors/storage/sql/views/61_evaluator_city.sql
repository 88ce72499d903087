-- Cities.
create view evaluator.city as
select name as city, title, country, timezone, role
from public.city
