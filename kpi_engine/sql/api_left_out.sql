-- How many readings of some series of a city are left out of whole days, or of more than them, in a half-open range.
select d.name as device, r.quantity, sum(u.rejected)::integer as rejected
from rollup u
join series r using (series_id)
join device d using (device_id)
join city c on c.city_id = d.city_id
where c.name = %(city)s
    and (d.name = any(%(devices)s) and r.quantity = any(%(quantities)s) or d.name || '/' || r.quantity = any(%(series)s))
    and u.period = 'day' and u.bucket >= %(start)s and u.bucket < %(end)s and u.rejected > 0
group by d.name, r.quantity
order by d.name, r.quantity
