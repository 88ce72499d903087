-- Mark the readings of which a source gave one of several begins: another rank of it may decide otherwise.
insert into observation_mark (series_id, from_time, to_time)
select distinct series_id, time, time from interval_begin as given
where source_id = any(%(sources)s)
    and exists (
        select from interval_begin as other
        where (other.series_id, other.time, other.value) = (given.series_id, given.time, given.value)
            and other.begin <> given.begin
    )
