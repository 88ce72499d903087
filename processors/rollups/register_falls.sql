-- name: register_falls
-- The days (UTC) on which each register fell, as microseconds.
select series_id, array_agg((extract(epoch from day) * 1000000)::bigint order by day) from register_fall group by series_id

-- name: register_fall_add
-- Keeps days on which a register fell.
insert into register_fall (series_id, day)
select %(series_id)s, unnest(%(days)s::date[])
on conflict do nothing
