-- name: repeatable_expire
-- Forget requests that came first before an instant: from then on their keys are new ones.
delete from repeatable_request where received_at < %(before)s

-- name: repeatable_record
-- Keep when a request came, unless its key is known.
insert into repeatable_request (digest, content, received_at)
values (%(digest)s, %(content)s, %(received_at)s)
on conflict (digest) do nothing

-- name: repeatable_known
-- What is known of the request of a key; the time in microseconds.
select content, (extract(epoch from received_at) * 1000000)::bigint from repeatable_request where digest = %(digest)s
