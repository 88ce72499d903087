-- Keep begins that are new, or given again by a better source, issued later, handed over or with an earlier arrival, and
-- mark their readings (stretches more than a day apart get marks of their own).
with kept as (
    insert into interval_begin as known (series_id, time, value, begin, source_id, received_at, revision)
    select distinct on (series_id, time, value, begin) series_id, time, value, begin, source_id, received_at, revision
    from incoming_begin
    order by series_id, time, value, begin, revision desc, received_at
    on conflict (series_id, time, value, begin) do update
    set source_id = excluded.source_id, received_at = excluded.received_at, revision = excluded.revision
    where (
        select
            (-better.rank, -excluded.revision, not better.is_handed_over, excluded.source_id, excluded.received_at)
            < (-worse.rank, -known.revision, not worse.is_handed_over, known.source_id, known.received_at)
        from source as better, source as worse
        where better.source_id = excluded.source_id and worse.source_id = known.source_id
    )
    returning series_id, time
), step as (
    select series_id, time, time - lag(time) over (partition by series_id order by time) > interval '1 day' as is_far
    from kept
), stretch as (
    select series_id, time, count(*) filter (where is_far) over (partition by series_id order by time) as number
    from step
)
insert into observation_mark (series_id, from_time, to_time)
select series_id, min(time), max(time) from stretch group by series_id, number
