-- Of each series the newest reading that arrived while it was live, within its reach: what came late tells no alarm
-- anything. `reach` and `bound` are microseconds; `earliest` lets old chunks and partitions be left out.
select
    array_agg(coalesce(newest.time, '-infinity') order by wanted.position),
    array_agg(coalesce(newest.value, 'NaN') order by wanted.position)
from unnest(%(series)s::integer[], %(reach)s::bigint[], %(bound)s::bigint[]) with ordinality
    as wanted (series_id, reach, bound, position)
left join lateral (
    select o.time, o.value
    from observation o
    where o.series_id = wanted.series_id
        and o.time >= %(earliest)s
        and o.time >= %(now)s - wanted.reach * interval '1 microsecond'
        and o.received_at <= o.time + wanted.bound * interval '1 microsecond'
    order by o.time desc
    limit 1
) newest on true
