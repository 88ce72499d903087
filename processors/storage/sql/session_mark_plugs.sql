-- Mark all readings of what tells of vehicles in those of some cities that a source is not registered in yet.
insert into observation_mark (series_id, from_time, to_time)
select series_id, first.time, last.time
from series
join device using (device_id)
join city using (city_id)
cross join lateral (
    select time from observation where observation.series_id = series.series_id order by time limit 1
) as first
cross join lateral (
    select time from observation where observation.series_id = series.series_id order by time desc limit 1
) as last
where series.quantity = any(%(quantities)s) and city.name = any(%(cities)s)
    and not exists (select from source where source.city = city.name and source.name = %(name)s)
