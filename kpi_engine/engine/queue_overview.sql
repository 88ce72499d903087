-- name: queue_overview
-- What is due by city and indicator, the most urgent first. A worker holds a lock on each shard that it has claimed.
with working as (
    select l.objid::integer as shard, format('%%s (session %%s)', a.application_name, l.pid) as worker
    from pg_locks l
    join pg_database b on b.oid = l.database and b.datname = current_database()
    join pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'advisory' and l.granted and l.objsubid = 2
        and l.classid = hashtext('pharos figures of shard')::oid
)
select
    c.name as city, d.kpi, count(distinct d.ctid) as figures, min(d.since) as since,
    (array_agg(d.cause order by d.urgency, d.since))[1] as cause,
    array_agg(distinct d.shard order by d.shard) as shards,
    coalesce(array_agg(distinct w.worker order by w.worker) filter (where w.worker is not null), '{}') as workers,
    max(f.failed_at) as failed_at, max(f.error) as error
from kpi_due d
join city c on c.city_id = d.city_id
left join working w on w.shard = d.shard
left join kpi_failure f on (f.kpi, f.city_id) = (d.kpi, d.city_id) and f.failed_at >= d.since
where %(cities)s::text[] is null or c.name = any(%(cities)s::text[])
group by c.name, d.kpi
order by min(d.urgency), min(d.since), c.name, d.kpi
