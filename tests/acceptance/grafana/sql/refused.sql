-- Refused messages, recomputations, a ledger and a factor: something for every other panel.
with source as (
    select source_id from source
),
quarantined as (
    insert into quarantine (
        digest, source_id, city, device, sender, topic, reason, detail, payload, readings, first_received_at, last_received_at
    )
    select n::text::bytea, source_id, 'year', 'device-' || n %% 20, 'device-' || n %% 20, 'topic', (array['clock_ahead', 'unknown_quantity'])[1 + n %% 2],
        'detail', 'payload', 1, now() - n * interval '1 hour', now() - n * interval '1 hour'
    from source, generate_series(1, %(messages)s) n
),
recomputed as (
    insert into kpi_recomputation (kpi, city_id, period, period_start, cause, changed, computed_at)
    select 'heat_delivered', city_id, 'day', now() - n * interval '1 day', 'late data', true, now() - n * interval '1 hour'
    from city, generate_series(1, 2000) n
),
accounted as (
    insert into ledger (source_id, received, stored) select source_id, 100, 100 from source
)
insert into factor (
    name, version, carrier, region, valid_from, value, unit, method, boundary, gwp, source, page, verified
)
values ('test', '1', 'heat', 'DK', '2020-01-01', 0.1, 'kg/kWh', 'annual', 'direct', 'AR5', 'a source', '1', true)
