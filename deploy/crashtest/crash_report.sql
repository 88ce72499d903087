-- name: acknowledged_table
-- What the broker acknowledged, as the publisher recorded it; gone with the session.
create temp table acknowledged (device integer not null, time timestamptz not null, primary key (device, time))

-- name: acknowledged_copy
-- Fill the publisher's record.
copy acknowledged (device, time) from stdin (format binary)

-- name: compare
-- Stored readings; those missing, those nobody sent, and those with another value than was sent.
with meter as (
    select series.series_id, series.quantity, substring(device.name from '[0-9]+$')::integer as device
    from series join device using (device_id) join city using (city_id)
    where city.name = %(city)s
), sent as (
    select meter.series_id, acknowledged.time, meter.quantity
    from acknowledged join meter using (device)
    where meter.quantity = any (%(quantities)s)
)
select
    count(reading.series_id),
    count(*) filter (where reading.series_id is null),
    count(*) filter (where sent.series_id is null),
    count(*) filter (
        where sent.quantity = 'heat_energy'
        and reading.value <> 1e9 + round((extract(epoch from sent.time) - %(begin)s::numeric) / %(step)s::numeric)
    )
from sent full join reading using (series_id, time)

-- name: ledger
-- The ledger of a city, all sources together.
select
    coalesce(sum(received), 0)::bigint, coalesce(sum(stored), 0)::bigint, coalesce(sum(duplicate), 0)::bigint,
    coalesce(sum(conflict), 0)::bigint, coalesce(sum(quarantined), 0)::bigint
from ledger join source using (source_id)
where source.city = %(city)s

-- name: rollups_off
-- Registers whose hours do not add up to their end minus their beginning.
with register as (
    select series_id, max(value) - min(value) as counted
    from reading join series using (series_id)
    where quantity = 'heat_energy'
    group by series_id
)
select count(*)
from register left join lateral (
    select sum(total) as total from rollup where period = 'hour' and rollup.series_id = register.series_id
) hours on true
where hours.total is null or abs(hours.total - register.counted) > 1e-9 * greatest(register.counted, 1)
