-- Register a city, or bring it up to its file.
insert into city (name, title, country, timezone, grid_zone, role, document)
values (%(name)s, %(title)s, %(country)s, %(timezone)s, %(grid_zone)s, %(role)s, %(document)s)
on conflict (name) do update set
    title = excluded.title,
    country = excluded.country,
    timezone = excluded.timezone,
    grid_zone = excluded.grid_zone,
    role = excluded.role,
    document = excluded.document,
    applied_at = now()
where city.document <> excluded.document
