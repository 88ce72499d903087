-- Give the sources of a city the ranks of its file, 0 to those it does not name; returns those that had another.
-- Ranks of what nobody can declare (sessions made of readings, corrections) are the program's own.
update source set rank = coalesce(given.rank, 0)
from source as known left join unnest(%(names)s::text[], %(ranks)s::smallint[]) as given (name, rank) using (name)
where source.source_id = known.source_id
    and known.city = %(city)s
    and (known.name in ('mqtt', 'kafka') or known.is_handed_over)
    and known.rank <> coalesce(given.rank, 0)
returning source.source_id
