-- name: api_boundary_readings
-- For each series and edge the last reading at or before it and the first at or after it that figures do not leave out.
select wanted.edge, earlier.time, earlier.value, later.time, later.value
from unnest(%(series)s::integer[], %(edges)s::timestamptz[]) with ordinality as wanted (series_id, edge, position)
left join lateral sound_reading_before(wanted.series_id, wanted.edge) earlier on true
left join lateral sound_reading_after(wanted.series_id, wanted.edge) later on true
order by wanted.position
