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
