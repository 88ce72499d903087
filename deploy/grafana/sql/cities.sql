-- The cities of this database.
select title as __text, city as __value from grafana.city order by title
