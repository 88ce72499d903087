-- Remembers that a token is in use, at most once a minute.
update token set last_used_at = now()
where token_id = %(token_id)s and (last_used_at is null or last_used_at < now() - interval '1 minute')
