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
where (%(cities)s::text[] is null or quarantine.city = any(%(cities)s))
    and (%(device)s::text is null or case when %(words)s then device else nullif(sender, '') end = %(device)s)
    and (%(reason)s::text is null or reason = %(reason)s)
    and (%(from_time)s::timestamptz is null or last_received_at >= %(from_time)s)
    and (%(to_time)s::timestamptz is null or last_received_at < %(to_time)s)
    and (%(number)s::bigint is null or quarantine_id = %(number)s)
    and (%(after)s::timestamptz is null or (last_received_at, quarantine_id) < (%(after)s, %(after_number)s::bigint))
order by last_received_at desc, quarantine_id desc
limit %(limit)s

-- name: api_devices_of_sites
-- The devices at some sites of a city.
select device.name
from device join site using (site_id) join city on city.city_id = device.city_id
where city.name = %(city)s and site.name = any(%(sites)s)
