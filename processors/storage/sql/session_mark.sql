-- Mark the hours in which sessions began for the series that are made of them.
insert into observation_mark (series_id, from_time, to_time)
select series_id, min(touched.time), max(touched.time)
from unnest(%(device_id)s::integer[], %(time)s::timestamptz[]) as touched (device_id, time)
join series using (device_id)
where kind = 'session'
group by series_id, date_trunc('month', touched.time)
