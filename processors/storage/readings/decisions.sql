-- name: contested_table
-- The known keys of one write that need a decision: ``differs`` where they have been given more than one value, or one
-- with a revision, otherwise where the known value came in again with a better claim; of this session, for one
-- transaction. By key, since a file whose every value is revised contests as many as it has.
create temporary table if not exists contested (
    series_id integer not null,
    time      timestamptz not null,
    differs   boolean not null,
    primary key (series_id, time)
) on commit delete rows

-- name: conflict_lock
-- One writer at a time decides about readings that are known; taken after the inserts, so that it cannot deadlock.
select pg_advisory_xact_lock(hashtext('conflict'))

-- name: packing_hold
-- No readings are packed until this transaction ends. Before the lock on conflicts, as writers take the two.
select pg_advisory_xact_lock_shared(hashtext('observation_block'))

-- name: contested_unpack
-- Make rows of contested readings that are packed.
select unpack_observations(array_agg(series_id), array_agg(time)) from contested

-- name: contested_clear
-- Make room for the next part of a write that is taken in parts.
delete from contested

-- name: contested_by_index
-- Contested keys are few and have no statistics: let the rest of the transaction look them up instead of scanning tables.
-- They may lie in as many compressed batches as there are keys, more than TimescaleDB opens in one statement by default.
select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
    set_config('timescaledb.max_tuples_decompressed_per_dml_transaction', '0', true)

-- name: conflict_keep_effective
-- Keep the reading that was effective until now among the values of its key, where nothing is kept of it yet; it has been
-- counted as stored.
insert into conflict (series_id, time, value, source_id, quality, received_at)
select contested.series_id, contested.time, effective.value, effective.source_id, effective.quality,
       effective.received_at
from contested
cross join lateral (
    select value, source_id, quality, received_at from observation
    where observation.series_id = contested.series_id and observation.time = contested.time
    limit 1
) as effective
where contested.differs
    and not exists (
        select from conflict where conflict.series_id = contested.series_id and conflict.time = contested.time
    )

-- name: conflict_resolve
-- Make the best value of every contested key the effective one, and mark the keys whose effective value changes, or
-- whether it is estimated (2).
-- An insert that meets its key finds it in a compressed chunk by that key; an update would decompress the chunk first.
with best as (
    select distinct on (series_id, time) series_id, time, value, conflict.source_id, quality, received_at
    from contested join conflict using (series_id, time) join source using (source_id)
    order by series_id, time, rank desc, revision desc, quality,
        case when is_handed_over then received_at end desc nulls last, value desc, corrected desc
), changed as (
    insert into observation_mark (series_id, from_time, to_time)
    select best.series_id, best.time, best.time
    from best left join lateral (
        select value, quality from observation
        where observation.series_id = best.series_id and observation.time = best.time
        limit 1
    ) as effective on true
    where (effective.value, effective.quality = 2) is distinct from (best.value, best.quality = 2)
)
insert into observation (series_id, time, value, source_id, quality, received_at)
select series_id, time, value, source_id, quality, received_at from best
on conflict (series_id, time) do update
set value = excluded.value, source_id = excluded.source_id, quality = excluded.quality,
    received_at = excluded.received_at
where (observation.value, observation.source_id, observation.quality, observation.received_at)
    is distinct from (excluded.value, excluded.source_id, excluded.quality, excluded.received_at)

-- name: observation_remove
-- Remove contested readings of which nobody holds a value any more, and mark them.
with removed as (
    delete from observation using contested
    where observation.series_id = contested.series_id
        and observation.time = contested.time
        and not exists (
            select from conflict where conflict.series_id = contested.series_id and conflict.time = contested.time
        )
    returning observation.series_id, observation.time
)
insert into observation_mark (series_id, from_time, to_time)
select series_id, time, time from removed
