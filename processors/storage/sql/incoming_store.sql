-- Store the best reading of every key that has none, mark what was stored (stretches more than a day apart get marks of
-- their own), and count it by source.
with stored as (
    insert into observation (series_id, time, value, received_at, source_id, quality)
    select distinct on (series_id, time) series_id, time, value, received_at, source_id, quality
    from incoming
    order by series_id, time, revision desc, quality, value desc
    on conflict (series_id, time) do nothing
    returning series_id, time, source_id
), step as (
    select series_id, time, time - lag(time) over (partition by series_id order by time) > interval '1 day' as is_far
    from stored
), stretch as (
    select series_id, time, count(*) filter (where is_far) over (partition by series_id order by time) as number
    from step
), mark as (
    insert into observation_mark (series_id, from_time, to_time)
    select series_id, min(time), max(time) from stretch group by series_id, number
)
select source_id, count(*) from stored group by source_id
