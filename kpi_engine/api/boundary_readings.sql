-- name: api_boundary_readings
-- For each series and edge the last reading at or before it and the first at or after it that figures do not leave out.
select wanted.edge, earlier.time, earlier.value, later.time, later.value
from unnest(%(series)s::integer[], %(edges)s::timestamptz[]) with ordinality as wanted (series_id, edge, position)
left join lateral (
    select o.time, o.value
    from observation o
    where o.series_id = wanted.series_id and o.time <= wanted.edge
        and not exists (
            select from reading_quality q where q.series_id = o.series_id and q.time = o.time and q.flags & 8 <> 0
        )
    order by o.time desc
    limit 1
) earlier on true
left join lateral (
    select o.time, o.value
    from observation o
    where o.series_id = wanted.series_id and o.time >= wanted.edge
        and not exists (
            select from reading_quality q where q.series_id = o.series_id and q.time = o.time and q.flags & 8 <> 0
        )
    order by o.time
    limit 1
) later on true
order by wanted.position
