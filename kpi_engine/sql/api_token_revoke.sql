-- Ends a token now; revoking it again changes nothing.
update token set revoked_at = coalesce(revoked_at, now()) where name = %(name)s returning token_id
