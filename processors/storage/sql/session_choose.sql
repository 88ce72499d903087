-- Make of some sessions the content effective that they say themselves; returns what changed.
insert into charging_session (device_id, transaction_id, begin_at, end_at, energy_kwh, source_id, received_at)
select distinct on (device_id, transaction_id)
    device_id, transaction_id, begin_at, end_at, energy_kwh, source_id, received_at
from charging_session_version join source using (source_id)
where (device_id, transaction_id) in (select * from unnest(%(device_id)s::integer[], %(transaction_id)s::text[]))
order by device_id, transaction_id, rank desc, end_at desc nulls last, energy_kwh desc nulls last,
    begin_at, source_id
on conflict (device_id, transaction_id) do update set
    begin_at = excluded.begin_at, end_at = excluded.end_at, energy_kwh = excluded.energy_kwh,
    lower_kwh = null, upper_kwh = null,
    source_id = excluded.source_id, received_at = excluded.received_at
where (charging_session.begin_at, charging_session.end_at, charging_session.energy_kwh)
    is distinct from (excluded.begin_at, excluded.end_at, excluded.energy_kwh)
returning device_id, transaction_id, begin_at
