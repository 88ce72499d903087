-- name: incoming_table
-- The readings of one write that may be known, one row per series, time and value; of this session, for one transaction.
create temporary table if not exists incoming (
    series_id   integer not null,
    time        timestamptz not null,
    value       double precision not null,
    received_at timestamptz not null,
    source_id   smallint not null,
    quality     smallint not null,
    revision    double precision not null default '-infinity'
) on commit delete rows

-- name: observation_copy
-- Store readings that are expected to be new; a reading that is known ends the transaction.
copy observation (series_id, time, value, received_at, source_id, quality) from stdin (format binary)

-- name: observation_mark_copy
-- Mark the times of readings that were stored.
copy observation_mark (series_id, from_time, to_time) from stdin (format binary)

-- name: incoming_clear
-- Make room for the next part of a write that is taken in parts.
delete from incoming

-- name: incoming_copy
-- Bring readings that may be known into the session.
copy incoming (series_id, time, value, received_at, source_id, quality) from stdin (format binary)

-- name: incoming_copy_revised
-- Bring readings that may be known, and say when they were issued, into the session.
copy incoming (series_id, time, value, received_at, source_id, quality, revision) from stdin (format binary)

-- name: incoming_store
-- Store the best reading of every key that has none, mark what was stored (stretches more than a day apart get marks of
-- their own), and count it by source.
with stored as (
    insert into observation (series_id, time, value, received_at, source_id, quality)
    select distinct on (series_id, time) series_id, time, value, received_at, source_id, quality
    from incoming
    order by series_id, time, revision desc, quality, value desc
    on conflict (series_id, time) do nothing
    returning series_id, time, source_id
), step as (
    select series_id, time, time - lag(time) over (partition by series_id order by time) > interval '1 day' as is_far
    from stored
), stretch as (
    select series_id, time, count(*) filter (where is_far) over (partition by series_id order by time) as number
    from step
), mark as (
    insert into observation_mark (series_id, from_time, to_time)
    select series_id, min(time), max(time) from stretch group by series_id, number
)
select source_id, count(*) from stored group by source_id

-- name: incoming_repeated
-- Count by series the values that came again: they stand there, from an earlier arrival.
select series_id, count(*)
from incoming join observation using (series_id, time, value)
where observation.received_at < incoming.received_at
group by series_id

-- name: contested_find
-- Find the known keys that need a decision: something else is stored than what came in, now or earlier, or what came in
-- says when it was issued, or the same is stored with a weaker claim (source rank, quality, handed over, source,
-- arrival). One pass that LATERAL keeps to the index.
insert into contested (series_id, time, differs)
select incoming.series_id, incoming.time, bool_or(state.differs)
from incoming
cross join lateral (
    select value, source_id, quality, received_at from observation
    where observation.series_id = incoming.series_id and observation.time = incoming.time
    limit 1
) as effective
cross join lateral (
    select
        effective.value <> incoming.value or incoming.revision > '-infinity' or exists (
            select from conflict where conflict.series_id = incoming.series_id and conflict.time = incoming.time
        ) as differs,
        case when incoming.source_id = effective.source_id
            then (incoming.quality, incoming.received_at) < (effective.quality, effective.received_at)
            else (
                select
                    (-better.rank, incoming.quality, not better.is_handed_over, incoming.source_id,
                     incoming.received_at)
                    < (-known.rank, effective.quality, not known.is_handed_over, effective.source_id,
                       effective.received_at)
                from source as better, source as known
                where better.source_id = incoming.source_id and known.source_id = effective.source_id
            )
        end as claims
) as state
where state.differs or state.claims
group by incoming.series_id, incoming.time

-- name: conflict_add
-- Keep the incoming values of contested keys, and count by source those that were not known yet.
with new as (
    select source_id
    from incoming join contested using (series_id, time)
    where differs and not exists (
        select from conflict
        where conflict.series_id = incoming.series_id and conflict.time = incoming.time
            and conflict.value = incoming.value
    )
), added as (
    insert into conflict (series_id, time, value, source_id, quality, received_at, revision)
    select series_id, time, value, source_id, quality, received_at, revision
    from incoming join contested using (series_id, time)
    where differs
    on conflict (series_id, time, value, corrected) do nothing
)
select source_id, count(*) from new group by source_id

-- name: conflict_claim
-- A known value that came in again from a better source, issued later, in better quality, handed over or with an earlier
-- arrival stands on that.
update conflict
set source_id = incoming.source_id, revision = incoming.revision, quality = incoming.quality,
    received_at = incoming.received_at
from contested, incoming, source as better, source as known
where contested.differs
    and incoming.series_id = contested.series_id
    and incoming.time = contested.time
    and conflict.series_id = contested.series_id
    and conflict.time = contested.time
    and conflict.value = incoming.value
    and not conflict.corrected
    and better.source_id = incoming.source_id
    and known.source_id = conflict.source_id
    and (-better.rank, -incoming.revision, incoming.quality, not better.is_handed_over, incoming.source_id,
         incoming.received_at)
        < (-known.rank, -conflict.revision, conflict.quality, not known.is_handed_over, conflict.source_id,
           conflict.received_at)

-- name: observation_claim
-- The effective reading came in again from a better source, in better quality or with an earlier arrival: it stands on
-- that, and is marked where it was estimated (2) until now. An insert that meets its key finds it in a compressed chunk
-- by that key; an update would decompress the chunk.
with read_after_all as (
    insert into observation_mark (series_id, from_time, to_time)
    select distinct series_id, time, time
    from contested
    join incoming using (series_id, time)
    cross join lateral (
        select quality from observation
        where observation.series_id = incoming.series_id and observation.time = incoming.time
        limit 1
    ) as effective
    where not differs and effective.quality = 2 and incoming.quality <> 2
)
insert into observation (series_id, time, value, source_id, quality, received_at)
select distinct on (series_id, time) series_id, time, value, incoming.source_id, quality, received_at
from contested join incoming using (series_id, time) join source using (source_id)
where not differs
order by series_id, time, rank desc, quality, is_handed_over desc, source_id, received_at
on conflict (series_id, time) do update
set source_id = excluded.source_id, quality = excluded.quality, received_at = excluded.received_at
where observation.value = excluded.value
    and (
        select
            (-better.rank, excluded.quality, not better.is_handed_over, excluded.source_id, excluded.received_at)
            < (-known.rank, observation.quality, not known.is_handed_over, observation.source_id,
               observation.received_at)
        from source as better, source as known
        where better.source_id = excluded.source_id and known.source_id = observation.source_id
    )
