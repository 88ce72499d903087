-- Bring the begins of intervals into the session.
copy incoming_begin (series_id, time, value, begin, source_id, received_at, revision) from stdin (format binary)
