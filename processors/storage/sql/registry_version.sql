-- Changes whenever a city file is applied that says something new, and when another meter is found behind a device.
select count(*), max(applied_at), max(meters.number), max(meters.since)
from city cross join (
    select count(*) as number, sum(extract(epoch from since)) as since
    from meter later
    where exists (select from meter earlier where earlier.device_id = later.device_id and earlier.since < later.since)
) meters
