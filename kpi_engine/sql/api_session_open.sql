-- Starts a session of a token; it ends after some hours, or with the token.
insert into session (digest, token_id, expires_at)
select %(digest)s, token_id, least(now() + %(lifetime)s, expires_at)
from token where token_id = %(token_id)s
returning expires_at
