-- Registers a residual series, or brings it up to what its topology says now.
insert into kpi_residual_series (device_id, quantity, title, unit, definition, members)
select d.device_id, %(quantity)s, %(title)s, %(unit)s, %(definition)s, %(members)s
from device d
join city c using (city_id)
where c.name = %(city)s and d.name = %(device)s
on conflict (device_id, quantity) do update
    set title = excluded.title, unit = excluded.unit, definition = excluded.definition, members = excluded.members
returning series_id
