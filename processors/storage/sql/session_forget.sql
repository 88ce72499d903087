-- Remove sessions that readings do not tell of any more.
delete from charging_session
where (device_id, transaction_id) in (select * from unnest(%(device_id)s::integer[], %(transaction_id)s::text[]))
