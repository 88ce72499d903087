-- By how much the stamps of a series of intervals may be off; NULL of every other series.
alter table series add column stamp_tolerance interval;
update series set stamp_tolerance = device.expected_interval / 60
from device where device.device_id = series.device_id and series.kind = 'interval';

-- Intervals meet by their tolerance from now on, and days and months are civil ones: what they came to is computed again,
-- month by month and the newest first, as far as readings are kept.
insert into observation_mark (series_id, from_time, to_time)
select known.series_id, greatest(from_time, month), least(to_time, month + interval '1 month' - interval '1 microsecond')
from (
    select series_id, oldest.time as from_time, newest.time as to_time
    from series
    cross join lateral (
        select o.time from observation o where o.series_id = series.series_id order by o.time limit 1
    ) oldest
    cross join lateral (
        select o.time from observation o where o.series_id = series.series_id order by o.time desc limit 1
    ) newest
    where kind = 'interval'
) known
cross join lateral generate_series(date_trunc('month', from_time), to_time, interval '1 month') as month
order by month desc, known.series_id;
