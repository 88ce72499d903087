-- Keep the incoming values of contested keys that were not known yet, and count them by source.
with added as (
    insert into conflict (series_id, time, value, source_id, quality, received_at)
    select series_id, time, value, source_id, quality, received_at
    from incoming join contested using (series_id, time)
    where differs
    on conflict (series_id, time, value) do nothing
    returning source_id
)
select source_id, count(*) from added group by source_id
