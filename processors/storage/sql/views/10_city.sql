-- Cities, for the variable of that name.
create view grafana.city as
select name as city, title, country, timezone, role
from public.city
