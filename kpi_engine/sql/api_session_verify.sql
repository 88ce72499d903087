-- The token behind a running session, if it is neither revoked nor expired; it expires with the session.
select t.token_id, t.name, t.role, t.cities, t.created_at, s.expires_at, t.revoked_at, t.last_used_at
from session s
join token t using (token_id)
where s.digest = %(digest)s
    and s.expires_at > now()
    and t.revoked_at is null
    and (t.expires_at is null or t.expires_at > now())
