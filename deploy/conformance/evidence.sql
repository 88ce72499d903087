-- name: conformance_readings
-- The readings of a series that arrived in a span of time, in the order of their times.
select array_agg(time order by time), array_agg(received_at order by time), array_agg(value order by time),
    array_agg(quality order by time)
from readings_of(%(series_id)s, %(oldest)s, 'infinity')
where received_at >= %(since)s and received_at <= %(until)s

-- name: conformance_before
-- The value of the last reading of a series before a time.
select value
from reading_before(%(series_id)s, %(time)s::timestamptz - interval '1 microsecond')
where time >= %(oldest)s

-- name: conformance_refused
-- Refused messages of a device that came in a span of time, by reason, with the last one of each.
select reason, sum(occurrences)::bigint, sum(readings)::bigint, (array_agg(quarantine_id order by last_received_at desc))[1],
    (array_agg(field order by last_received_at desc))[1], (array_agg(detail order by last_received_at desc))[1]
from quarantine
where city = %(city)s and device = %(device)s and last_received_at >= %(since)s and first_received_at <= %(until)s
group by reason
order by reason

-- name: conformance_conflicts
-- How many readings of some series were given another value in a span of time.
select count(distinct (series_id, time))
from conflict
where series_id = any(%(series)s::integer[]) and received_at >= %(since)s and received_at <= %(until)s

-- name: conformance_status
-- What a device said of itself last.
select online, at from device_status where device_id = %(device_id)s
