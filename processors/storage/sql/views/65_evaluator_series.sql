-- Series in civil hours, days and months, as grafana.series: of sites at which no household is behind any meter.
create view evaluator.series as
select s.*
from grafana.series s
where exists (select from public.evaluator_open_site o where o.city = s.city and o.site = s.site)
