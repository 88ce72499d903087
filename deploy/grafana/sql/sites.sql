-- The sites of the chosen city.
select title as __text, site as __value from grafana.site where city = ${city:sqlstring} order by title
