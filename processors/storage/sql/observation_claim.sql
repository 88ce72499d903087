-- The effective reading came in again from a better source, in better quality or with an earlier arrival: it stands on
-- that. An insert that meets its key finds it in a compressed chunk by that key; an update would decompress the chunk.
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
