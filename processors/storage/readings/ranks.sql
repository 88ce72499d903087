-- name: source_rank
-- Say how much a source counts where several know the same.
update source set rank = %(rank)s where name = %(name)s and rank <> %(rank)s

-- name: source_declare
-- Register the sources that a city file ranks, before anything came from them.
insert into source (city, name)
select %(city)s, name from unnest(%(names)s::text[]) as given (name)
where not exists (select from source where source.city = %(city)s and source.name = given.name)
on conflict (city, name) do nothing

-- name: source_rerank
-- Give the sources of a city the ranks of its file, 0 to those it does not name; returns those that had another.
-- Ranks of what nobody can declare (sessions made of readings, corrections) are the program's own.
update source set rank = coalesce(given.rank, 0)
from source as known left join unnest(%(names)s::text[], %(ranks)s::smallint[]) as given (name, rank) using (name)
where source.source_id = known.source_id
    and known.city = %(city)s
    and (known.name in ('mqtt', 'kafka') or known.is_handed_over)
    and known.rank <> coalesce(given.rank, 0)
returning source.source_id

-- name: contested_of_sources
-- Contest the readings of which a source gave one of several values.
insert into contested (series_id, time, differs)
select distinct series_id, time, true from conflict where source_id = any(%(sources)s)

-- name: interval_begin_of_sources
-- Mark the readings of which a source gave one of several begins: another rank of it may decide otherwise.
insert into observation_mark (series_id, from_time, to_time)
select distinct series_id, time, time from interval_begin as given
where source_id = any(%(sources)s)
    and exists (
        select from interval_begin as other
        where (other.series_id, other.time, other.value) = (given.series_id, given.time, given.value)
            and other.begin <> given.begin
    )
