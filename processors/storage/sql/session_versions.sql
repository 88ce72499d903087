-- Every content that is known of some sessions.
select device_id, transaction_id, begin_at, end_at, energy_kwh
from charging_session_version
where (device_id, transaction_id) in (select * from unnest(%(device_id)s::integer[], %(transaction_id)s::text[]))
