-- Mark everything stored of some series for recomputation.
insert into observation_mark (series_id, from_time, to_time)
select series_id, min(time), max(time) from observation where series_id = any(%(series)s) group by series_id
