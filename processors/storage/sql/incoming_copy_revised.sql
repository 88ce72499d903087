-- Bring readings that may be known, and say when they were issued, into the session.
copy incoming (series_id, time, value, received_at, source_id, quality, revision) from stdin (format binary)
