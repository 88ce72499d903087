-- name: api_quarantine
-- The refused messages that came last; one that came again is counted, not repeated. Names that nobody registered are
-- words of the sender: for those who may see payloads.
select quarantine_id,
    case when %(words)s then quarantine.city else nullif(source.city, '') end as city,
    case when %(words)s then device else nullif(sender, '') end as device,
    case when %(words)s then nullif(topic, '') end as topic,
    reason, field,
    case when %(words)s then detail end as detail,
    readings, occurrences, is_summary, first_received_at, last_received_at,
    case when %(words)s then payload end as payload
from quarantine join source using (source_id)
where %(cities)s::text[] is null or quarantine.city = any(%(cities)s)
order by last_received_at desc, quarantine_id desc
limit %(limit)s
