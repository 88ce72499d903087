-- The latest edge of a chunk or partition at or before an instant, if something was stored before it since the last time.
select edge from observation_edge(%(latest)s) as edge
where edge > coalesce((select max(horizon) from retention), '-infinity')
