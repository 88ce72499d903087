-- Keep refused messages that were not known yet; returns their digests.
insert into quarantine (digest, source_id, city, device, sender, topic, reason, field, detail, payload, readings,
                        occurrences, first_received_at, last_received_at)
select * from unnest(%(digest)s::bytea[], %(source_id)s::smallint[], %(city)s::text[], %(device)s::text[],
                     %(sender)s::text[], %(topic)s::text[], %(reason)s::text[], %(field)s::text[], %(detail)s::text[],
                     %(payload)s::bytea[], %(readings)s::integer[], %(occurrences)s::integer[],
                     %(first)s::timestamptz[], %(last)s::timestamptz[])
on conflict (digest) do nothing
returning digest
