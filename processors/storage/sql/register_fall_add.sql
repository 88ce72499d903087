-- Keeps days on which a register fell.
insert into register_fall (series_id, day)
select %(series_id)s, unnest(%(days)s::date[])
on conflict do nothing
