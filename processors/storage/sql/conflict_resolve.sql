-- Make the best value of every contested key the effective one, and mark the keys whose effective value changes.
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
        select value from observation
        where observation.series_id = best.series_id and observation.time = best.time
        limit 1
    ) as effective on true
    where effective.value is distinct from best.value
)
insert into observation (series_id, time, value, source_id, quality, received_at)
select series_id, time, value, source_id, quality, received_at from best
on conflict (series_id, time) do update
set value = excluded.value, source_id = excluded.source_id, quality = excluded.quality,
    received_at = excluded.received_at
where (observation.value, observation.source_id, observation.quality, observation.received_at)
    is distinct from (excluded.value, excluded.source_id, excluded.quality, excluded.received_at)
