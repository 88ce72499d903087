-- Changes whenever a city file is applied that says something new.
select count(*), max(applied_at) from city
