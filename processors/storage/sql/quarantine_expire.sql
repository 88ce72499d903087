-- Clear the payloads of some refused messages that last came before an instant, and every word that came with them, but
-- for those being written now. A topic that names no device of a city file is such a word.
update quarantine
set payload = null,
    detail = null,
    topic = case when sender = '' then '' else topic end,
    device = case when sender = '' then null else device end
where quarantine_id in (
    select quarantine_id
    from quarantine
    where payload is not null and last_received_at < %(before)s
    order by last_received_at
    limit %(limit)s
    for update skip locked
)
