-- name: untimed_known
-- Which of these untimed messages have been stored since the oldest time of the redelivery window.
select digest from untimed_receipt where digest = any(%(digests)s::bytea[]) and received_at >= %(oldest)s

-- name: untimed_expire
-- Forget untimed messages that are older than the redelivery window.
delete from untimed_receipt where received_at < %(oldest)s

-- name: untimed_record
-- Remember untimed messages that are stored in this transaction.
insert into untimed_receipt (digest, received_at)
select * from unnest(%(digests)s::bytea[], %(received_at)s::timestamptz[])
on conflict (digest) do update set received_at = greatest(untimed_receipt.received_at, excluded.received_at)
