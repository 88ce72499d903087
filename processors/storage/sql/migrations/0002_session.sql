-- Logins of the console: a random cookie stands for a token for some hours; only its digest is stored.
create table session (
    digest     bytea primary key,
    token_id   integer not null references token on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index on session (expires_at);
