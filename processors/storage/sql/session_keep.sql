-- Keep sessions as they were assembled from readings.
insert into charging_session
    (device_id, transaction_id, begin_at, end_at, energy_kwh, lower_kwh, upper_kwh, source_id, received_at)
select *, now() from unnest(%(device_id)s::integer[], %(transaction_id)s::text[], %(begin_at)s::timestamptz[],
                            %(end_at)s::timestamptz[], %(energy_kwh)s::double precision[],
                            %(lower_kwh)s::double precision[], %(upper_kwh)s::double precision[],
                            %(source_id)s::smallint[])
on conflict (device_id, transaction_id) do update set
    begin_at = excluded.begin_at, end_at = excluded.end_at, energy_kwh = excluded.energy_kwh,
    lower_kwh = excluded.lower_kwh, upper_kwh = excluded.upper_kwh,
    source_id = excluded.source_id, received_at = excluded.received_at
