-- Forgets sessions that are over.
delete from session where expires_at <= now()
