-- The names of the registered cities.
select name from city order by name
