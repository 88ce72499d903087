-- A year of hourly readings of every series, and one of this moment.
insert into observation (time, received_at, value, series_id, source_id, quality)
select time, time, 21, series_id, source_id, 0
from series
cross join source
cross join (select generate_series(now() - interval '1 year', now(), interval '1 hour') as time) t
on conflict do nothing
