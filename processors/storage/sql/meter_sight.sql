-- Record the earliest reading of meters. Registers start anew where another meter begins, so the instants at which that is
-- otherwise than before are marked: where it was thought to begin, where it does begin, and where the next one does.
with given as (
    select device_id, serial_number, min(time) as since
    from unnest(%(device_id)s::integer[], %(serial_number)s::text[], %(time)s::timestamptz[])
        as sighted (device_id, serial_number, time)
    group by device_id, serial_number
), changed as (
    insert into meter (device_id, serial_number, since)
    select device_id, serial_number, since from given
    on conflict (device_id, serial_number) do update set since = excluded.since where excluded.since < meter.since
    returning device_id, serial_number, since
), before as (  -- what was known when this statement began
    select changed.device_id, changed.since, meter.since as known, meter.serial_number = changed.serial_number as is_same
    from changed left join meter using (device_id)
), touched as (
    select device_id, since as time from changed
    union
    select device_id, known from before where is_same
    union
    select device_id, min(known) from before where known > since group by device_id, since
)
insert into observation_mark (series_id, from_time, to_time)
select series_id, time, time from touched join series using (device_id) where series.kind = 'register'
