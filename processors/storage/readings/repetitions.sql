-- name: repetitions_record
-- Count readings of some series that came again, beside those of the same ten minutes.
insert into repeated_readings (series_id, begins_at, readings)
select series_id, date_bin(interval '10 minutes', %(at)s, timestamptz 'epoch'), readings
from unnest(%(series)s::integer[], %(readings)s::bigint[]) as given (series_id, readings)
order by series_id
on conflict (series_id, begins_at) do update set readings = repeated_readings.readings + excluded.readings

-- name: repetitions_expire
-- Forget what came again before an instant.
delete from repeated_readings where begins_at < %(before)s

-- name: repetitions_counted
-- How many readings of some series came again in a span of time, in tens of minutes.
select coalesce(sum(readings), 0)::bigint
from repeated_readings
where series_id = any(%(series)s::integer[]) and begins_at > %(since)s - interval '10 minutes' and begins_at <= %(until)s
