-- Make the best value of every contested key the effective one, and mark the keys whose effective value changes.
with best as (
    select distinct on (series_id, time) series_id, time, value, conflict.source_id, quality, received_at
    from contested join conflict using (series_id, time) join source using (source_id)
    order by series_id, time, rank desc, quality, value desc
), changed as (
    insert into observation_mark (series_id, from_time, to_time)
    select best.series_id, best.time, best.time
    from best cross join lateral (
        select value from observation
        where observation.series_id = best.series_id and observation.time = best.time
        limit 1
    ) as effective
    where effective.value <> best.value
)
update observation
set value = best.value, source_id = best.source_id, quality = best.quality, received_at = best.received_at
from best
where observation.series_id = best.series_id
    and observation.time = best.time
    and (observation.value, observation.source_id, observation.quality, observation.received_at)
        is distinct from (best.value, best.source_id, best.quality, best.received_at)
