-- Records how far the figures of one subject reach.
insert into kpi_extent (city_id, site_id, life_from, through, definition)
values (%(city_id)s, %(site_id)s, %(life_from)s, %(through)s, %(definition)s)
on conflict (city_id, site_id) do update
    set life_from = excluded.life_from, through = excluded.through, definition = excluded.definition
