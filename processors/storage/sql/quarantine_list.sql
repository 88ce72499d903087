-- Refused messages, the latest first, of one city, device and reason or of all.
select quarantine_id, last_received_at, first_received_at, coalesce(quarantine.city, source.city), device, source.name,
       topic, reason, field, detail, readings, occurrences, is_summary, payload
from quarantine join source using (source_id)
where (%(city)s::text is null or quarantine.city = %(city)s)
    and (%(device)s::text is null or device = %(device)s)
    and (%(reason)s::text is null or reason = %(reason)s)
    and (%(quarantine_id)s::bigint is null or quarantine_id = %(quarantine_id)s)
order by last_received_at desc, quarantine_id desc
limit %(limit)s
