-- Which of these untimed messages have been stored since the oldest time of the redelivery window.
select digest from untimed_receipt where digest = any(%(digests)s::bytea[]) and received_at >= %(oldest)s
