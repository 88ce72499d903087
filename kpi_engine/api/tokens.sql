-- name: api_token_create
-- Registers a token; only the digest of its secret is stored.
insert into token (name, digest, role, cities, expires_at)
values (%(name)s, %(digest)s, %(role)s, %(cities)s, %(expires_at)s)
on conflict (name) do nothing
returning token_id

-- name: api_token_verify
-- The token with this digest, if it is neither revoked nor expired.
select token_id, name, role, cities, created_at, expires_at, revoked_at, last_used_at
from token
where digest = %(digest)s and revoked_at is null and (expires_at is null or expires_at > now())

-- name: api_token_used
-- Remembers that a token is in use, at most once a minute.
update token set last_used_at = now()
where token_id = %(token_id)s and (last_used_at is null or last_used_at < now() - interval '1 minute')

-- name: api_token_list
-- Every token ever issued, the newest first; the secret is not among the columns because nobody has it.
select token_id, name, role, cities, created_at, expires_at, revoked_at, last_used_at
from token
order by token_id desc

-- name: api_token_revoke
-- Ends a token now; revoking it again changes nothing.
update token set revoked_at = coalesce(revoked_at, now()) where name = %(name)s returning token_id
