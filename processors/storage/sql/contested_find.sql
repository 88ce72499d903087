-- Find the keys for which something else is stored than what came in, now or earlier; LATERAL keeps to the index.
insert into contested (series_id, time)
select distinct incoming.series_id, incoming.time
from incoming
cross join lateral (
    select value from observation
    where observation.series_id = incoming.series_id and observation.time = incoming.time
    limit 1
) as effective
where effective.value <> incoming.value or exists (
    select from conflict where conflict.series_id = incoming.series_id and conflict.time = incoming.time
)
