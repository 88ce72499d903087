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
    count(observation.series_id),
    count(*) filter (where observation.series_id is null),
    count(*) filter (where sent.series_id is null),
    count(*) filter (
        where sent.quantity = 'heat_energy'
        and observation.value <> 1e9 + round((extract(epoch from sent.time) - %(begin)s::numeric) / %(step)s::numeric)
    )
from sent full join observation using (series_id, time)
