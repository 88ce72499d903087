-- name: series_id
-- The id of a series by its names.
select series_id
from series join device using (device_id) join city using (city_id)
where city.name = %(city)s and device.name = %(device)s and quantity = %(quantity)s

-- name: unit_stored_under
-- The first and last reading stored of a series in [from, to), or the hours that were computed of readings now dropped.
select min(time), max(time)
from (
    select min(time) as time from observation
    where series_id = %(series)s and time >= %(from_time)s and time < %(to_time)s
    union all
    select max(time) from observation
    where series_id = %(series)s and time >= %(from_time)s and time < %(to_time)s
    union all
    select min(bucket) from rollups_of('hour', %(series)s, %(from_time)s, %(to_time)s)
    where count > 0
    union all
    select max(bucket) from rollups_of('hour', %(series)s, %(from_time)s, %(to_time)s)
    where count > 0
) as stored
