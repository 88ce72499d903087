-- Keep the incoming values of contested keys, and count by source those that were not known yet.
with new as (
    select source_id
    from incoming join contested using (series_id, time)
    where differs and not exists (
        select from conflict
        where conflict.series_id = incoming.series_id and conflict.time = incoming.time
            and conflict.value = incoming.value
    )
), added as (
    insert into conflict (series_id, time, value, source_id, quality, received_at, revision)
    select series_id, time, value, source_id, quality, received_at, revision
    from incoming join contested using (series_id, time)
    where differs
    on conflict (series_id, time, value, corrected) do nothing
)
select source_id, count(*) from new group by source_id
