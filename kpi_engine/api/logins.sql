-- name: api_login_expire
-- Forgets logins that are over.
delete from session where expires_at <= now()

-- name: api_login_open
-- Starts a login with a token; it ends after some hours, or with the token.
insert into session (digest, token_id, expires_at)
select %(digest)s, token_id, least(now() + %(lifetime)s, expires_at)
from token where token_id = %(token_id)s
returning expires_at

-- name: api_login_verify
-- The token behind a running login, if it is neither revoked nor expired; it expires with the login.
select t.token_id, t.name, t.role, t.cities, t.created_at, s.expires_at, t.revoked_at, t.last_used_at
from session s
join token t using (token_id)
where s.digest = %(digest)s
    and s.expires_at > now()
    and t.revoked_at is null
    and (t.expires_at is null or t.expires_at > now())

-- name: api_login_renew
-- Lets a running login last some hours from now on, or as long as its token.
update session s
set expires_at = least(now() + %(lifetime)s, t.expires_at)
from token t
where s.digest = %(digest)s and t.token_id = s.token_id and s.expires_at > now()
returning s.expires_at

-- name: api_login_close
-- Ends a login; ending none is no error.
delete from session where digest = %(digest)s
