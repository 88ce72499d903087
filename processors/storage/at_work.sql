-- name: at_work_session
-- The session that this statement runs in: its process id in the database, and when it began.
select pid, backend_start from pg_stat_activity where pid = pg_backend_pid()

-- name: at_work_seen
-- Says that a session is at work.
insert into at_work (application, pid, began) values (%(application)s, %(pid)s, %(began)s)
on conflict (pid, began) do update set seen_at = clock_timestamp()

-- name: at_work_end_frozen
-- Ends the sessions of peers that were not seen for so many seconds, and forgets those that have ended; tells how many were
-- ended. Another's session is seen in part only where it is of another account, and left alone then.
with gone as (
    select w.pid, w.began, a.pid is not null and a.backend_start is not null as is_there, a.usesysid
    from at_work w
    left join pg_stat_activity a on a.pid = w.pid and (a.backend_start = w.began or a.backend_start is null)
    where w.application = %(application)s and (w.pid, w.began) <> (%(pid)s, %(began)s)
        and (a.pid is null or w.seen_at < clock_timestamp() - make_interval(secs => %(patience)s))
    for update of w skip locked
), forgotten as (
    delete from at_work w using gone where (w.pid, w.began) = (gone.pid, gone.began)
)
select count(*) filter (where pg_terminate_backend(pid))
from gone
where is_there and usesysid = (select oid from pg_roles where rolname = current_user)

-- name: at_work_place
-- How many peers have been at work for longer than a session, and how many there are with it.
select count(*) filter (where (w.joined_at, w.pid) < (mine.joined_at, mine.pid)), count(*)
from at_work mine join at_work w using (application)
where (mine.pid, mine.began) = (%(pid)s, %(began)s)

-- name: at_work_left
-- A session that is not at work any more.
delete from at_work where (pid, began) = (%(pid)s, %(began)s)
