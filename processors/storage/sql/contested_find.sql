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
