-- Marks readings that figures leave out from now on, or do not any more: what is computed from them changes.
insert into observation_mark (series_id, from_time, to_time)
select series_id, time, time from unnest(%(series)s::integer[], %(times)s::timestamptz[]) as changed (series_id, time)
