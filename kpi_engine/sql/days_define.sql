-- Forgets days that belong to definitions which hold no more.
delete from kpi_day_hours where definition <> all(%(definitions)s::text[])
