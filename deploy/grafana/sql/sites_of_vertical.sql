-- The sites of the chosen city in one vertical.
select title as __text, site as __value
from grafana.site
where city = ${city:sqlstring} and vertical = '@vertical@'
order by title
