-- Take the value of a withdrawn correction from its readings, but for those that another one gives the same; contest them.
with held as materialized (
    select conflict.series_id, conflict.time, conflict.value, (
        select max(other.revision) from correction as other
        where other.series_id = conflict.series_id and other.value = conflict.value
            and other.from_time <= conflict.time and other.to_time > conflict.time
            and other.withdrawn_at is null
    ) as revision
    from correction join conflict using (series_id, value)
    where correction_id = %(number)s and corrected and time >= from_time and time < to_time
), lowered as (
    update conflict set revision = held.revision from held
    where (conflict.series_id, conflict.time, conflict.value) = (held.series_id, held.time, held.value)
        and corrected and held.revision is not null
), removed as (
    delete from conflict using held
    where (conflict.series_id, conflict.time, conflict.value) = (held.series_id, held.time, held.value)
        and corrected and held.revision is null
)
insert into contested (series_id, time, differs)
select series_id, time, true from held
