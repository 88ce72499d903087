-- name: taken_away
-- A table of these names that nobody but one session can read: who holds it exclusively.
select
    c.relname as wanted,
    b.pid,
    coalesce(nullif(b.application_name, ''), 'an unnamed program') as application,
    coalesce(b.usename, 'nobody') as role
from pg_locks l
join pg_class c on c.oid = l.relation and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
join pg_stat_activity b on b.pid = l.pid and b.datname = current_database()
where c.relname ~ %(pattern)s and l.granted and l.mode = 'AccessExclusiveLock' and l.database = (select oid from pg_database where datname = current_database())
order by b.pid, c.relname
limit 1

-- name: held_up
-- The longest wait for a lock of the sessions of these names: for which table, and which session holds it up.
select
    coalesce(c.relname, w.locktype) as wanted,
    b.pid,
    coalesce(nullif(b.application_name, ''), 'an unnamed program') as application,
    coalesce(b.usename, 'nobody') as role
from pg_locks w
join pg_stat_activity a on a.pid = w.pid and a.datname = current_database()
left join pg_class c on c.oid = w.relation
cross join lateral unnest(pg_blocking_pids(w.pid)) as blocking (pid)
join pg_stat_activity b on b.pid = blocking.pid
where not w.granted and a.application_name = any(%(applications)s)
order by w.waitstart, b.pid
limit 1
