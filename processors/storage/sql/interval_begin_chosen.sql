-- For some series from one instant to another: of every reading and value that came with a begin the one that holds, by
-- the order in which values are believed, and of equal claims the latest, which says least. A corrected value has the
-- interval of the reported one that it stands for. As one row of arrays, in any order.
with wanted as (
    select * from unnest(%(series)s::integer[], %(from)s::timestamptz[], %(to)s::timestamptz[])
        with ordinality as one (series_id, from_time, to_time, slot)
), chosen as (
    select distinct on (slot, given.time, given.value) slot, series_id, given.time, given.value, given.begin
    from wanted
    join interval_begin as given using (series_id)
    join source using (source_id)
    where given.time >= from_time and given.time <= to_time
    order by slot, given.time, given.value, rank desc, revision desc,
        case when is_handed_over then received_at end desc nulls last, given.begin desc
), reported as (
    select distinct on (slot, time) slot, series_id, time, best.value
    from (select distinct slot, series_id, time from chosen) as given
    join conflict as best using (series_id, time)
    join source using (source_id)
    where not corrected
        and exists (select from conflict as other where other.series_id = given.series_id and other.time = given.time
            and other.corrected)
    order by slot, time, rank desc, revision desc, quality,
        case when is_handed_over then received_at end desc nulls last, best.value desc
), corrected as (
    select chosen.slot, chosen.time, conflict.value, chosen.begin
    from reported
    join chosen using (slot, series_id, time, value)
    join conflict using (series_id, time)
    where conflict.corrected
        and not exists (
            select from chosen as own
            where own.slot = chosen.slot and own.time = chosen.time and own.value = conflict.value
        )
)
select array_agg(slot), array_agg(time), array_agg(value), array_agg(begin)
from (select slot, time, value, begin from chosen union all select * from corrected) as found
