-- name: replay_ask
-- Have refused messages taken once more, those that there are now.
insert into quarantine_replay (asked_by, through, cities, city, device, reason, origin, from_time, to_time, number)
select %(asked_by)s, coalesce(max(quarantine_id), 0), %(cities)s::text[], %(city)s, %(device)s, %(reason)s, %(origin)s,
    %(from_time)s::timestamptz, %(to_time)s::timestamptz, %(quarantine_id)s::bigint
from quarantine
returning *

-- name: replay_one
-- One request.
select * from quarantine_replay where replay_id = %(replay_id)s

-- name: replay_begin
-- The request that is next; one that was begun and left unfinished is begun again.
update quarantine_replay set started_at = coalesce(started_at, now())
where replay_id = (select replay_id from quarantine_replay where finished_at is null order by asked_at limit 1)
returning *

-- name: replay_note
-- Add what became of some messages of a request.
update quarantine_replay
set messages = messages + %(messages)s, unchanged = unchanged + %(unchanged)s, stored = stored + %(stored)s,
    duplicate = duplicate + %(duplicate)s, conflict = conflict + %(conflict)s,
    quarantined = quarantined + %(quarantined)s
where replay_id = %(replay_id)s

-- name: replay_finish
-- Note that a request is done.
update quarantine_replay set finished_at = now(), trouble = %(trouble)s where replay_id = %(replay_id)s
