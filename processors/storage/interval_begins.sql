-- name: interval_begin_table
-- The begins of intervals in one write; of this session, for one transaction.
create temporary table if not exists incoming_begin (like interval_begin) on commit delete rows

-- name: interval_begin_copy
-- Bring the begins of intervals into the session.
copy incoming_begin (series_id, time, value, begin, source_id, received_at, revision) from stdin (format binary)

-- name: interval_begin_keep
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

-- name: interval_begin_chosen
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
select array_agg(slot), array_agg(found.time), array_agg(found.value), array_agg(begin), array_agg(coalesce(quality, 0::smallint))
from (select slot, time, value, begin from chosen union all select * from corrected) as found
join wanted using (slot)
left join lateral readings_of(wanted.series_id, found.time, found.time) as effective on true

-- name: interval_begin_earliest
-- The earliest begin that readings of some series gave in some spans of time, whichever of their values came with it;
-- only of spans with any. As one row of arrays, in any order.
select array_agg(slot), array_agg(earliest)
from unnest(%(series)s::integer[], %(from)s::timestamptz[], %(to)s::timestamptz[])
    with ordinality as wanted (series_id, from_time, to_time, slot)
cross join lateral (
    select min(begin) as earliest from interval_begin as given
    where given.series_id = wanted.series_id and given.time >= from_time and given.time <= to_time
) as found
where earliest is not null

-- name: interval_begin_drop
-- Forget the begins of readings before an edge that were dropped.
delete from interval_begin as given
where time < %(edge)s
    and not exists (
        select from readings_of(given.series_id, given.time, given.time)
    )
