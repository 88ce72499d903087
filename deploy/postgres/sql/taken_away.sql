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
