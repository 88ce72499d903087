-- Remove contested readings of which nobody holds a value any more, and mark them.
with removed as (
    delete from observation using contested
    where observation.series_id = contested.series_id
        and observation.time = contested.time
        and not exists (
            select from conflict where conflict.series_id = contested.series_id and conflict.time = contested.time
        )
    returning observation.series_id, observation.time
)
insert into observation_mark (series_id, from_time, to_time)
select series_id, time, time from removed
