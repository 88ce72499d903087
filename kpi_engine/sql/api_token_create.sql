-- Registers a token; only the digest of its secret is stored.
insert into token (name, digest, role, cities, expires_at)
values (%(name)s, %(digest)s, %(role)s, %(cities)s, %(expires_at)s)
on conflict (name) do nothing
returning token_id
