-- Register a site of a city, or bring it up to its file.
insert into site (city_id, name, title, vertical, facts, valid_from, valid_to)
select city_id, %(name)s, %(title)s, %(vertical)s, %(facts)s, %(valid_from)s, %(valid_to)s
from city where name = %(city)s
on conflict (city_id, name) do update set
    title = excluded.title,
    vertical = excluded.vertical,
    facts = excluded.facts,
    valid_from = excluded.valid_from,
    valid_to = excluded.valid_to
