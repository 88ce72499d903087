-- name: api_cities
-- Cities in scope with the number of their sites and of the devices that their file declares.
select
    c.name, c.title, c.country, c.timezone, c.role,
    (select count(*) from site s where s.city_id = c.city_id) as sites,
    jsonb_array_length(c.document -> 'devices') as devices, c.document -> 'outline' as outline
from city c
where %(cities)s::text[] is null or c.name = any(%(cities)s)
order by c.name

-- name: api_sites
-- Sites of a city.
select s.name, s.title, s.vertical, s.facts, s.valid_from, s.valid_to, declared.location, declared.outline
from site s
join city c using (city_id)
left join lateral jsonb_to_recordset(c.document -> 'sites') as declared (name text, location jsonb, outline jsonb)
    on declared.name = s.name
where c.name = %(city)s and (%(vertical)s::text is null or s.vertical = %(vertical)s)
order by s.name

-- name: api_groups
-- Groups of a city, as its file declares them.
select declared.document
from city c
cross join lateral jsonb_array_elements(c.document -> 'groups') as declared (document)
where c.name = %(city)s
order by declared.document ->> 'name'
