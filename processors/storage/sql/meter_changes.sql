-- When another meter came, by device, in the order of time; the first one replaced none.
select city.name, device.name, array_agg(distinct later.since order by later.since)
from meter later
join device using (device_id)
join city using (city_id)
where exists (select from meter earlier where earlier.device_id = later.device_id and earlier.since < later.since)
    and (%(city)s::text is null or city.name = %(city)s)
    and (%(device)s::text is null or device.name = %(device)s)
group by city.name, device.name
