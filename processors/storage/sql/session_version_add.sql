-- Keep contents that are not known yet from their sources.
insert into charging_session_version
    (device_id, transaction_id, begin_at, end_at, energy_kwh, source_id, received_at)
select * from unnest(%(device_id)s::integer[], %(transaction_id)s::text[], %(begin_at)s::timestamptz[],
                     %(end_at)s::timestamptz[], %(energy_kwh)s::double precision[], %(source_id)s::smallint[],
                     %(received_at)s::timestamptz[])
on conflict do nothing
