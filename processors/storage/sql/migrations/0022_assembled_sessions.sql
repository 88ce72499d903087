-- Sessions that readings tell of are kept from now on: those of readings that are here already are assembled once, by the
-- marks of what tells of vehicles.
insert into observation_mark (series_id, from_time, to_time)
select series_id, first.time, last.time
from series
cross join lateral (
    select time from observation where observation.series_id = series.series_id order by time limit 1
) as first
cross join lateral (
    select time from observation where observation.series_id = series.series_id order by time desc limit 1
) as last
where quantity in ('plugged_in', 'connector_status');
