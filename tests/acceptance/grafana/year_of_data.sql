-- name: observations
-- A year of hourly readings of every series, and one of this moment.
insert into observation (time, received_at, value, series_id, source_id, quality)
select time, time, 21, series_id, source_id, 0
from series
cross join source
cross join (select generate_series(now() - interval '1 year', now(), interval '1 hour') as time) t
on conflict do nothing

-- name: residual_series
-- A residual series of every site.
insert into kpi_residual_series (device_id, quantity, title, unit, definition, members)
select min(device_id), 'heat_meter_balance', 'Heat between a main meter and its submeters', 'kWh', '', '[]'
from device group by site_id

-- name: rollups
-- A year of rollups of every series: plausible sums and means, in civil time.
insert into rollup_row (
    period, series_id, bucket, bucket_end, count, minimum, maximum, total, integral, estimated, measured, weighted,
    covered_from, covered_to, measured_from, measured_to
)
select
    %(period)s, r.series_id, b.start, b.finish, seconds / 900, 20, 22,
    case when r.kind <> 'gauge' then seconds / 1800 end, case when r.kind = 'gauge' then 21 * seconds end, 0, seconds,
    case when r.kind = 'gauge' then seconds else 0 end, b.start, b.finish, b.start, b.finish
from series r
cross join (
    select
        day at time zone 'Europe/Copenhagen' as start,
        (day + ('1 ' || %(period)s)::interval) at time zone 'Europe/Copenhagen' as finish
    from generate_series(
        date_trunc(%(period)s, now() at time zone 'Europe/Copenhagen') - interval '1 year',
        now() at time zone 'Europe/Copenhagen' - ('1 ' || %(period)s)::interval,
        ('1 ' || %(period)s)::interval
    ) day
) b
cross join lateral (select extract(epoch from b.finish - b.start) as seconds) length
on conflict do nothing

-- name: residuals
-- A year of residuals in the buckets that rollups have; every tenth is not known.
insert into kpi_residual (period, series_id, bucket, bucket_end, value, reference, estimated, reason)
select
    u.period, r.series_id, u.bucket, u.bucket_end,
    case when known then 1 end, case when known then 10 end, 0, case when not known then 'a meter is silent' end
from kpi_residual_series r
cross join (
    select *, row_number() over (order by bucket) %% 10 <> 0 as known
    from rollup
    where series_id = (select min(series_id) from series) and period = %(period)s
) u

-- name: figures
-- A year of figures of some indicators for the city and each of its sites; every tenth period has none.
with kinds as (
    insert into figure_kind (kpi, period) select unnest(%(kpis)s::text[]), %(period)s returning kind_id, kpi
),
edition as (
    insert into figure_edition (unit, rule_version, code_version) values ('kWh', '1', %(period)s) returning edition_id
),
batch as (
    insert into figure_batch (inputs) values ('') returning batch_id
),
factors as (
    insert into figure_text (text) values ('[{"name": "grid", "version": "2026"}]') returning text_id
),
reason as (
    insert into figure_text (text) values ('coverage 0.400 is below 0.90') returning text_id
)
insert into figure (
    kind_id, city_id, site_id, period_start, length, value, edition_id, coverage, estimated_share, status, reason_id,
    through, factors_id, batch_id, place, inputs_hash, revision, computed_at
)
select
    kind_id, city_id, site_id, b.start, extract(epoch from b.finish - b.start), case when n %% 10 > 0 then 100 + n end,
    edition_id, case when n %% 10 > 0 then 1 else 0.4 end, 0, (case when n %% 10 > 0 then 'f' else 'i' end)::"char",
    case when n %% 10 = 0 then reason.text_id end,
    case when b.finish > now() then now() end, factors.text_id, batch_id, 0, '', 1, now()
from kinds
cross join edition
cross join batch
cross join factors
cross join reason
cross join (select city_id, null::integer as site_id from city union all select city_id, site_id from site) subject
cross join (
    select
        day at time zone 'Europe/Copenhagen' as start,
        (day + ('1 ' || %(period)s)::interval) at time zone 'Europe/Copenhagen' as finish,
        row_number() over (order by day desc) as n
    from generate_series(
        date_trunc(%(period)s, now() at time zone 'Europe/Copenhagen') - interval '1 year',
        now() at time zone 'Europe/Copenhagen',
        ('1 ' || %(period)s)::interval
    ) day
) b

-- name: refused
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
cause as (
    insert into figure_text (text) values ('late data') returning text_id
),
recomputed as (
    insert into figure_log (computed_at, cause_id, city_id, changed, kinds, sites, starts)
    select now() - n * interval '1 hour', cause.text_id, city_id, true, array[kind_id], array[null::integer], array[now() - n * interval '1 day']
    from city, figure_kind, cause, generate_series(1, 2000) n
    where kpi = 'heat_delivered' and period = 'day'
),
raised as (
    insert into alarm (rule, severity, device_id, raised_at, value, threshold, unit, detail)
    select 'silence', 'minor', device_id, now() - interval '1 hour', 12, 10, 'intervals', 'nothing came' from device
    union all
    select 'city_silence', 'major', device_id, now() - interval '1 hour', 1, 0.5, '1', 'nothing came' from device
),
accounted as (
    insert into ledger (source_id, received, stored) select source_id, 100, 100 from source
)
insert into factor (
    name, version, carrier, region, valid_from, value, unit, method, boundary, boundary_note, gwp, source, page, verified
)
values (
    'test', '1', 'heat', 'DK', '2020-01-01', 0.1, 'kg/kWh', 'annual', 'direct', 'at the plant', 'AR5', 'a source', '1', true
)
