-- Register a city, or bring it up to its file. MERGE, unlike ON CONFLICT, takes no id from the sequence for an update.
-- The clock, not the transaction's begin: of two registrations the later one to commit has the later time, and is seen.
merge into city using (select 1) as given on city.name = %(name)s
when matched and city.document <> %(document)s::jsonb then update set
    title = %(title)s,
    country = %(country)s,
    timezone = %(timezone)s,
    grid_zone = %(grid_zone)s,
    role = %(role)s,
    document = %(document)s,
    applied_at = clock_timestamp()
when not matched then insert (name, title, country, timezone, grid_zone, role, document)
    values (%(name)s, %(title)s, %(country)s, %(timezone)s, %(grid_zone)s, %(role)s, %(document)s)
