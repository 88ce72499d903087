-- name: meter_lock
-- One writer at a time says which meter came when: what it marks depends on the others.
select pg_advisory_xact_lock(hashtext('pharos meter'))

-- name: meter_sight
-- Record the earliest reading of meters. Registers start anew where a meter replaces another one, so the instants at which
-- that is otherwise than before are marked, and the catalogue has another version: not for the first meter of a device.
with given as (
    select device_id, serial_number, min(time) as since
    from unnest(%(device_id)s::integer[], %(serial_number)s::text[], %(time)s::timestamptz[])
        as sighted (device_id, serial_number, time)
    group by device_id, serial_number
), stored as (
    insert into meter (device_id, serial_number, since)
    select device_id, serial_number, since from given
    on conflict (device_id, serial_number) do update set since = excluded.since where excluded.since < meter.since
), before as (  -- what was known when this statement began
    select device_id, serial_number, since from meter where device_id in (select device_id from given)
), after as (
    select device_id, serial_number, least(before.since, given.since) as since
    from before full join given using (device_id, serial_number)
), ranked as (
    select device_id, since, false as is_now, min(since) over (partition by device_id) as first from before
    union all
    select device_id, since, true, min(since) over (partition by device_id) from after
), changed as (  -- replacements that are known either only now or no longer
    select device_id, since as time from ranked where since > first
    group by device_id, since having count(distinct is_now) = 1
), counted as (
    update meter_version set version = version + 1 where exists (select from changed)
)
insert into observation_mark (series_id, from_time, to_time)
select series_id, time, time from changed join series using (device_id) where series.kind = 'register'

-- name: meter_known
-- Since when meters are known that readings came from.
select device_id, serial_number, since
from meter join unnest(%(device_id)s::integer[], %(serial_number)s::text[]) as sighted (device_id, serial_number)
    using (device_id, serial_number)

-- name: meter_changes
-- When another meter came, by device, in the order of time; the first one replaced none.
select city.name, device.name, array_agg(distinct later.since order by later.since)
from meter later
join device using (device_id)
join city using (city_id)
where exists (select from meter earlier where earlier.device_id = later.device_id and earlier.since < later.since)
    and (%(city)s::text is null or city.name = %(city)s)
    and (%(device)s::text is null or device.name = %(device)s)
group by city.name, device.name
