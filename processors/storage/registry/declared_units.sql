-- name: series_id
-- The id of a series by its names.
select series_id
from series join device using (device_id) join city using (city_id)
where city.name = %(city)s and device.name = %(device)s and quantity = %(quantity)s

-- name: unit_stored_under
-- The first and last reading stored of a series in [from, to), or the hours that were computed of readings now dropped.
select min(time), max(time)
from (
    select time from reading_after(%(series)s, %(from_time)s) where time < %(to_time)s
    union all
    select time from reading_before(%(series)s, %(to_time)s::timestamptz - interval '1 microsecond')
    where time >= %(from_time)s
    union all
    select min(bucket) from rollups_of('hour', %(series)s, %(from_time)s, %(to_time)s)
    where count > 0
    union all
    select max(bucket) from rollups_of('hour', %(series)s, %(from_time)s, %(to_time)s)
    where count > 0
) as stored
