-- Remember untimed messages that are stored in this transaction.
insert into untimed_receipt (digest, received_at)
select * from unnest(%(digests)s::bytea[], %(received_at)s::timestamptz[])
on conflict (digest) do update set received_at = greatest(untimed_receipt.received_at, excluded.received_at)
