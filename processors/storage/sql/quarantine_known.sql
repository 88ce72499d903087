-- Which of these refused messages are kept already, and whether with their payload.
select digest, payload is not null from quarantine where digest = any(%(digests)s::bytea[])
