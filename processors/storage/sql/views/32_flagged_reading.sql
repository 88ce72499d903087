-- Readings that are anything remarkable beside their neighbours, and those of registers that did not happen. What they said
-- stays; `rejected` are left out of everything that is computed. `value` is null where retention has dropped the reading.
create view grafana.flagged_reading as
select
    c.name as city, s.name as site, s.title as site_title, s.vertical,
    d.name as device, d.title as device_title, d.type,
    r.series_id, r.quantity, r.unit,
    q.time, o.value,
    q.flags & 1 <> 0 as outlier,
    q.flags & 2 <> 0 as rate,
    q.flags & 4 <> 0 as stuck,
    q.flags & 16 <> 0 as excursion,
    q.flags & 8 <> 0 as rejected,
    q.rules
from public.reading_quality q
join public.series r using (series_id)
join public.device d using (device_id)
join public.site s using (site_id)
join public.city c on c.city_id = d.city_id
left join lateral (
    select value from public.observation where series_id = q.series_id and time = q.time
    union all
    select value from public.observation_packed
    where series_id = q.series_id and starts = public.rollup_block_begin(q.time) and time = q.time
    limit 1
) o on true
