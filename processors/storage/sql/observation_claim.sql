-- The effective reading came in again from a better source, in better quality or with an earlier arrival: it stands on that.
update observation
set source_id = incoming.source_id, quality = incoming.quality, received_at = incoming.received_at
from contested, incoming, source as better, source as known
where not contested.differs
    and incoming.series_id = contested.series_id
    and incoming.time = contested.time
    and observation.series_id = contested.series_id
    and observation.time = contested.time
    and observation.value = incoming.value
    and better.source_id = incoming.source_id
    and known.source_id = observation.source_id
    and (-better.rank, incoming.quality, incoming.source_id, incoming.received_at)
        < (-known.rank, observation.quality, observation.source_id, observation.received_at)
