-- Bring readings that may be known into the session.
copy incoming (series_id, time, value, received_at, source_id, quality) from stdin (format binary)
