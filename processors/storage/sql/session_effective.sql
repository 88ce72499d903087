-- When some sessions begin, as they are effective now.
select device_id, transaction_id, begin_at from charging_session
where (device_id, transaction_id) in (select * from unnest(%(device_id)s::integer[], %(transaction_id)s::text[]))
