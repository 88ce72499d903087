-- Clear the payloads of some refused messages that last came before an instant, but for those being written now.
update quarantine
set payload = null
where quarantine_id in (
    select quarantine_id
    from quarantine
    where payload is not null and last_received_at < %(before)s
    order by last_received_at
    limit %(limit)s
    for update skip locked
)
