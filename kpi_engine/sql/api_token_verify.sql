-- The token with this digest, if it is neither revoked nor expired.
select token_id, name, role, cities, created_at, expires_at, revoked_at, last_used_at
from token
where digest = %(digest)s and revoked_at is null and (expires_at is null or expires_at > now())
