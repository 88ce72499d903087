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
