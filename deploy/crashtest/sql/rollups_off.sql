-- Registers whose hours do not add up to their end minus their beginning.
with register as (
    select series_id, max(value) - min(value) as counted
    from observation join series using (series_id)
    where quantity = 'heat_energy'
    group by series_id
)
select count(*)
from register left join lateral (
    select sum(total) as total from rollup where period = 'hour' and rollup.series_id = register.series_id
) hours on true
where hours.total is null or abs(hours.total - register.counted) > 1e-9 * greatest(register.counted, 1)
