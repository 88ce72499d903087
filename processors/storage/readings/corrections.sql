-- name: correction_readings
-- The readings of a series in [from, to).
select time, value from readings_of(%(series)s, %(from_time)s, %(to_time)s)
where time < %(to_time)s
order by time

-- name: correction_add
-- Keep what somebody entered.
insert into correction (series_id, from_time, to_time, value, readings, author, reason, revision, entered_at)
values (%(series)s, %(from_time)s, %(to_time)s, %(value)s, cardinality(%(times)s::timestamptz[]), %(author)s, %(reason)s,
        %(revision)s, %(entered_at)s)
returning correction_id

-- name: correction_withdraw
-- Withdraw a correction that holds.
update correction set withdrawn_at = %(at)s, withdrawn_by = %(author)s, withdrawn_for = %(reason)s
where correction_id = %(number)s and withdrawn_at is null

-- name: contested_of_correction
-- Take the value of a withdrawn correction from its readings, but for those that another one gives the same; contest them.
with held as materialized (
    select conflict.series_id, conflict.time, conflict.value, (
        select max(other.revision) from correction as other
        where other.series_id = conflict.series_id and other.value = conflict.value
            and other.from_time <= conflict.time and other.to_time > conflict.time
            and other.withdrawn_at is null
    ) as revision
    from correction join conflict using (series_id, value)
    where correction_id = %(number)s and corrected and time >= from_time and time < to_time
), lowered as (
    update conflict set revision = held.revision from held
    where (conflict.series_id, conflict.time, conflict.value) = (held.series_id, held.time, held.value)
        and corrected and held.revision is not null
), removed as (
    delete from conflict using held
    where (conflict.series_id, conflict.time, conflict.value) = (held.series_id, held.time, held.value)
        and corrected and held.revision is null
)
insert into contested (series_id, time, differs)
select series_id, time, true from held

-- name: correction_list
-- Corrections of a city, of a device or of all, the latest first.
select correction_id, city.name, device.name, quantity, unit, from_time, to_time, value, readings, author, reason,
    entered_at, withdrawn_at, withdrawn_by, withdrawn_for
from correction join series using (series_id) join device using (device_id) join city using (city_id)
where (%(city)s::text is null or city.name = %(city)s) and (%(device)s::text is null or device.name = %(device)s)
order by correction_id desc

-- name: contested_of_times
-- Contest readings of one series.
insert into contested (series_id, time, differs)
select %(series)s, time, true from unnest(%(times)s::timestamptz[]) as given (time)

-- name: correction_give
-- Give readings the value of a correction, beside what was reported of them.
insert into conflict (series_id, time, value, source_id, quality, received_at, revision, corrected)
select %(series)s, time, %(value)s, %(source)s, 0, %(entered_at)s, %(revision)s, true
from unnest(%(times)s::timestamptz[]) as given (time)
on conflict (series_id, time, value, corrected) do update
set revision = greatest(conflict.revision, excluded.revision)
