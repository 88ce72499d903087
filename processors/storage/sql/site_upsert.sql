-- Register a site of a city, or bring it up to its file.
merge into site using (select city_id from city where name = %(city)s) as given
    on site.city_id = given.city_id and site.name = %(name)s
when matched then update set
    title = %(title)s,
    vertical = %(vertical)s,
    facts = %(facts)s,
    valid_from = %(valid_from)s,
    valid_to = %(valid_to)s
when not matched then insert (city_id, name, title, vertical, facts, valid_from, valid_to)
    values (given.city_id, %(name)s, %(title)s, %(vertical)s, %(facts)s, %(valid_from)s, %(valid_to)s)
