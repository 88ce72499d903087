-- A known value that came in again from a better source, in better quality or with an earlier arrival stands on that.
update conflict
set source_id = incoming.source_id, quality = incoming.quality, received_at = incoming.received_at
from incoming, source as better, source as known
where conflict.series_id = incoming.series_id
    and conflict.time = incoming.time
    and conflict.value = incoming.value
    and better.source_id = incoming.source_id
    and known.source_id = conflict.source_id
    and (-better.rank, incoming.quality, incoming.source_id, incoming.received_at)
        < (-known.rank, conflict.quality, conflict.source_id, conflict.received_at)
