-- Readings of past days are kept in blocks: an array per column for the readings of a series in eight days, a tenth of what
-- rows take. A reading is a row or in a block, never both: whoever writes into the time of a block makes rows of it first.
-- Where the readings are a hypertable nothing is packed: TimescaleDB compresses them itself.

-- The packed readings of a series, in the order of their times.
create table observation_block (
    series_id integer not null,
    starts    timestamptz not null,      -- where the time of the block begins, by rollup_block_begin
    begins    timestamptz not null,      -- its first reading
    ends      timestamptz not null,      -- its last reading
    at        bigint[] not null,         -- microseconds from starts, rising
    received  bigint[] not null,         -- when it reached us, microseconds from starts
    value     double precision[] not null,
    source_id smallint[] not null,
    quality   smallint[] not null,
    primary key (series_id, starts)
) with (autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.05);

-- Until when anything is packed: what is later is not looked for.
create index on observation_block (ends);

-- Readings that are packed, one a row. To read a range of time, ask for starts and ends as well: readings_of does.
create view observation_packed as
select
    h.series_id, h.starts, h.begins, h.ends,
    h.starts + h.at * interval '1 microsecond' as time,
    h.starts + h.received * interval '1 microsecond' as received_at,
    h.value, h.source_id, h.quality
from (
    select
        series_id, starts, begins, ends, unnest(at) as at, unnest(received) as received,
        unnest(value) as value, unnest(source_id) as source_id, unnest(quality) as quality
    from observation_block -- side by side, one reading after the other
) as h;

-- Readings, wherever they are kept.
create view reading as
select time, received_at, value, series_id, source_id, quality from observation
union all
select time, received_at, value, series_id, source_id, quality from observation_packed;

-- The readings of a series in [from_time, to_time], in any order: what reads a range asks here.
create function readings_of(of_series integer, from_time timestamptz, to_time timestamptz) returns setof reading
    language sql stable
as $$
select time, received_at, value, series_id, source_id, quality
from observation
where series_id = of_series and time >= from_time and time <= to_time
union all
select time, received_at, value, series_id, source_id, quality
from observation_packed
where series_id = of_series and time >= from_time and time <= to_time
    and starts > from_time - interval '192 hours' and starts <= to_time and ends >= from_time
$$;

-- The packed readings of a series in blocks that begin at or before `latest`, the latest block first, but for those that
-- are over before `since`, where that is given: whoever knows a row from then on looks no further back.
-- Sort by starts and time, both falling, to have the last of them without reading all.
create function packed_before(of_series integer, latest timestamptz, since timestamptz)
    returns table (starts timestamptz, "time" timestamptz, received_at timestamptz, value double precision)
    language sql stable
as $$
select
    h.starts, h.starts + h.at * interval '1 microsecond',
    h.starts + h.received * interval '1 microsecond', h.value
from (
    select b.starts, unnest(b.at) as at, unnest(b.received) as received, unnest(b.value) as value
    from observation_block b
    where b.series_id = of_series and b.starts <= latest and b.begins <= latest
        and b.starts > coalesce(since, '-infinity') - interval '192 hours' and b.ends > coalesce(since, '-infinity')
        and (since is null or since < (select max(ends) from observation_block))
    order by b.starts desc
) as h
$$;

-- The packed readings of a series in blocks that end at or after `earliest`, the earliest block first, but for those that
-- begin after `until`, where that is given. Sort by starts and time to have the first of them without reading all.
create function packed_after(of_series integer, earliest timestamptz, until timestamptz)
    returns table (starts timestamptz, "time" timestamptz, received_at timestamptz, value double precision)
    language sql stable
as $$
select
    h.starts, h.starts + h.at * interval '1 microsecond',
    h.starts + h.received * interval '1 microsecond', h.value
from (
    select b.starts, unnest(b.at) as at, unnest(b.received) as received, unnest(b.value) as value
    from observation_block b
    where b.series_id = of_series and b.starts > earliest - interval '192 hours' and b.ends >= earliest
        and b.starts < coalesce(until, 'infinity') and b.begins < coalesce(until, 'infinity')
        and earliest <= (select max(ends) from observation_block)
    order by b.starts
) as h
$$;

-- The first readings of a series in [from_time, to_time], at most so many: what reads page by page asks here.
create function first_readings(of_series integer, from_time timestamptz, to_time timestamptz, at_most bigint)
    returns setof reading
    language sql stable
as $$
select time, received_at, value, series_id, source_id, quality
from (
    (
        select o.time, o.received_at, o.value, o.series_id, o.source_id, o.quality
        from observation o
        where o.series_id = of_series and o.time >= from_time and o.time <= to_time
        order by o.time limit at_most
    )
    union all
    (
        select
            k.starts + k.at * interval '1 microsecond' as time,
            k.starts + k.received * interval '1 microsecond' as received_at,
            k.value, of_series, k.source_id, k.quality
        from (
            select
                b.starts, unnest(b.at) as at, unnest(b.received) as received, unnest(b.value) as value,
                unnest(b.source_id) as source_id, unnest(b.quality) as quality
            from observation_block b
            where b.series_id = of_series and b.starts > from_time - interval '192 hours' and b.ends >= from_time
                and b.starts <= to_time and b.begins <= to_time
            order by b.starts
        ) as k
        where k.starts + k.at * interval '1 microsecond' >= from_time
            and k.starts + k.at * interval '1 microsecond' <= to_time
        order by k.starts, time limit at_most
    )
) as either
order by time limit at_most
$$;

-- The last reading of a series at or before an instant, if there is one. Of a block, width_bucket says which it is.
create function reading_before(of_series integer, latest timestamptz) returns setof reading
    language sql stable
as $$
select
    coalesce(p.time, r.time), coalesce(p.received_at, r.received_at), coalesce(p.value, r.value), of_series,
    coalesce(p.source_id, r.source_id), coalesce(p.quality, r.quality)
from (select) as one
left join lateral (
    select o.time, o.received_at, o.value, o.source_id, o.quality
    from observation o
    where o.series_id = of_series and o.time <= latest
    order by o.time desc limit 1
) as r on true
left join lateral (
    select
        b.starts + b.at[b.n] * interval '1 microsecond' as time,
        b.starts + b.received[b.n] * interval '1 microsecond' as received_at,
        b.value[b.n] as value, b.source_id[b.n] as source_id, b.quality[b.n] as quality
    from (
        select
            b.starts, b.at, b.received, b.value, b.source_id, b.quality,
            case when b.ends <= latest then cardinality(b.at)
                else width_bucket((date_part('epoch', latest - b.starts) * 1000000)::bigint, b.at) end as n
        from observation_block b
        where b.series_id = of_series and b.starts <= latest and b.begins <= latest
            and b.starts > coalesce(r.time, '-infinity') - interval '192 hours'
            and b.ends > coalesce(r.time, '-infinity')
            and (r.time is null or r.time < (select max(ends) from observation_block))
        order by b.starts desc limit 1
    ) as b
    offset 0 -- found once, not for every row of what it bounds
) as p on true
where r.time is not null or p.time is not null
$$;

-- The first reading of a series at or after an instant, if there is one.
create function reading_after(of_series integer, earliest timestamptz) returns setof reading
    language sql stable
as $$
select
    coalesce(p.time, r.time), coalesce(p.received_at, r.received_at), coalesce(p.value, r.value), of_series,
    coalesce(p.source_id, r.source_id), coalesce(p.quality, r.quality)
from (select) as one
left join lateral (
    select o.time, o.received_at, o.value, o.source_id, o.quality
    from observation o
    where o.series_id = of_series and o.time >= earliest
    order by o.time limit 1
) as r on true
left join lateral (
    select
        b.starts + b.at[b.n] * interval '1 microsecond' as time,
        b.starts + b.received[b.n] * interval '1 microsecond' as received_at,
        b.value[b.n] as value, b.source_id[b.n] as source_id, b.quality[b.n] as quality
    from (
        select
            b.starts, b.at, b.received, b.value, b.source_id, b.quality,
            case when b.begins >= earliest then 1
                else width_bucket((date_part('epoch', earliest - b.starts) * 1000000)::bigint - 1, b.at) + 1 end as n
        from observation_block b
        where b.series_id = of_series and b.starts > earliest - interval '192 hours' and b.ends >= earliest
            and b.starts < coalesce(r.time, 'infinity') and b.begins < coalesce(r.time, 'infinity')
            and earliest <= (select max(ends) from observation_block)
        order by b.starts limit 1
    ) as b
    offset 0 -- found once, not for every row of what it bounds
) as p on true
where r.time is not null or p.time is not null
$$;

-- The last reading of a series at or before an instant that figures do not leave out, if there is one.
create function sound_reading_before(of_series integer, latest timestamptz)
    returns table ("time" timestamptz, value double precision)
    language sql stable
as $$
select coalesce(p.time, r.time), coalesce(p.value, r.value)
from (select) as one
left join lateral (
    select o.time, o.value
    from observation o
    where o.series_id = of_series and o.time <= latest and not exists (
        select from reading_quality q where q.series_id = of_series and q.time = o.time and q.flags & 8 <> 0
    )
    order by o.time desc limit 1
) as r on true
left join lateral (
    select k.time, k.value
    from packed_before(of_series, latest, r.time) as k
    where k.time <= latest and (
        select true from reading_quality q where q.series_id = of_series and q.time = k.time and q.flags & 8 <> 0
    ) is null
    order by k.starts desc, k.time desc limit 1
) as p on true
where r.time is not null or p.time is not null
$$;

-- The first reading of a series at or after an instant that figures do not leave out, if there is one.
create function sound_reading_after(of_series integer, earliest timestamptz)
    returns table ("time" timestamptz, value double precision)
    language sql stable
as $$
select coalesce(p.time, r.time), coalesce(p.value, r.value)
from (select) as one
left join lateral (
    select o.time, o.value
    from observation o
    where o.series_id = of_series and o.time >= earliest and not exists (
        select from reading_quality q where q.series_id = of_series and q.time = o.time and q.flags & 8 <> 0
    )
    order by o.time limit 1
) as r on true
left join lateral (
    select k.time, k.value
    from packed_after(of_series, earliest, r.time) as k
    where k.time >= earliest and (
        select true from reading_quality q where q.series_id = of_series and q.time = k.time and q.flags & 8 <> 0
    ) is null
    order by k.starts, k.time limit 1
) as p on true
where r.time is not null or p.time is not null
$$;

-- The newest reading of each series that has any; without functions, so that views of other owners can read it.
create view newest_reading as
select
    s.series_id, coalesce(p.time, r.time) as time, coalesce(p.received_at, r.received_at) as received_at,
    coalesce(p.value, r.value) as value, coalesce(p.quality, r.quality) as quality
from series s
left join lateral (
    select o.time, o.received_at, o.value, o.quality
    from observation o
    where o.series_id = s.series_id
    order by o.time desc limit 1
) as r on true
left join lateral (
    select
        b.ends as time,
        b.starts + b.received[cardinality(b.received)] * interval '1 microsecond' as received_at,
        b.value[cardinality(b.value)] as value,
        b.quality[cardinality(b.quality)] as quality
    from observation_block b
    where b.series_id = s.series_id and b.ends > coalesce(r.time, '-infinity')
        and (r.time is null or r.time < (select max(ends) from observation_block))
    order by b.starts desc limit 1
) as p on true
where r.time is not null or p.time is not null;

-- Moves readings of some series out of their rows: of blocks that are over before an instant, have at least so many of
-- them, and are there from end to end, or of which none came for a while, and that no rollup waits for; at most so many.
-- Returns how many blocks that were, their first reading, and of how many all rows are older than the packing itself.
-- Done by whoever asks as the owner of the table would; nobody but the owner may until it is granted.
create function pack_observations(
    of_series integer[], before timestamptz, rest interval, at_least integer, at_most integer,
    out blocks integer, out first timestamptz, out left_over integer
)
    language plpgsql
    security definer
    set search_path = public, pg_temp
    set timezone to 'UTC'
as $$
begin
    if not exists (select from pg_partitioned_table where partrelid = 'observation'::regclass) then
        blocks := 0;
        left_over := 0;
        return;
    end if;
    perform pg_advisory_xact_lock(hashtext('observation_block'));
    with waiting as materialized (
        select m.series_id, m.from_time, m.to_time from observation_mark m where m.series_id = any(of_series)
    ),
    chosen as materialized (
        select s.series_id, found.starts, found.newest
        from unnest(of_series) as s (series_id)
        cross join lateral (
            select rollup_block_begin(o.time) as starts, max(o.received_at) as newest
            from observation o
            where o.series_id = s.series_id and o.time < before
            group by 1
            having count(*) >= at_least and (
                max(o.received_at) < now() - rest
                or min(o.time) < rollup_block_begin(min(o.time)) + interval '1 hour'
                    and max(o.time) >= rollup_block_begin(min(o.time)) + interval '191 hours'
            )
        ) as found
        where found.starts + interval '192 hours' <= before
            and not exists (
                select from waiting w
                where w.series_id = s.series_id
                    and w.from_time < found.starts + interval '192 hours' and w.to_time >= found.starts
            )
        order by 1, 2
        limit at_most
    ),
    moved as (
        delete from observation o
        using chosen c
        where o.series_id = c.series_id and o.time >= c.starts and o.time < c.starts + interval '192 hours'
        returning c.starts, o.series_id, o.time, o.received_at, o.value, o.source_id, o.quality
    ),
    held as ( -- by a block already, where somebody wrote rows without asking: rows hold
        delete from observation_block b using chosen c
        where b.series_id = c.series_id and b.starts = c.starts
        returning b.*
    ),
    together as (
        select * from moved
        union all
        select
            k.starts, k.series_id, k.starts + k.at * interval '1 microsecond',
            k.starts + k.received * interval '1 microsecond', k.value, k.source_id, k.quality
        from (
            select
                series_id, starts, unnest(at) as at, unnest(received) as received, unnest(value) as value,
                unnest(source_id) as source_id, unnest(quality) as quality
            from held
        ) as k
        where not exists (
            select from moved m
            where m.series_id = k.series_id and m.time = k.starts + k.at * interval '1 microsecond'
        )
    ),
    packed as (
        insert into observation_block (
            series_id, starts, begins, ends, at, received, value, source_id, quality
        )
        select
            series_id, starts, min(time), max(time),
            array_agg((date_part('epoch', time - starts) * 1000000)::bigint order by time),
            array_agg((date_part('epoch', received_at - starts) * 1000000)::bigint order by time),
            array_agg(value order by time), array_agg(source_id order by time), array_agg(quality order by time)
        from together
        group by series_id, starts
        returning series_id, starts, begins
    )
    select
        count(*), min(packed.begins),
        count(*) filter (where chosen.newest < (
            select applied_at from schema_migration where name = '0049_readings_in_blocks'
        ))
    into blocks, first, left_over
    from packed join chosen using (series_id, starts);
end
$$;
revoke execute on function pack_observations(integer[], timestamptz, interval, integer, integer) from public;

-- Makes rows of the packed readings of the blocks in whose time given ones lie; nobody packs until this transaction ends.
-- Returns how many readings that were.
create function unpack_observations(of_series integer[], of_time timestamptz[]) returns bigint
    language plpgsql
    security definer
    set search_path = public, pg_temp
    set timezone to 'UTC'
as $$
declare
    unpacked bigint;
begin
    perform pg_advisory_xact_lock_shared(hashtext('observation_block'));
    if not exists (select from observation_block) then
        return 0;
    end if;
    with wanted as (
        select distinct w.series_id, rollup_block_begin(w.time) as starts
        from unnest(of_series, of_time) as w (series_id, time)
    ),
    held as ( -- one after the other, so that two who write late readings do not wait for each other
        select b.series_id, b.starts
        from observation_block b join wanted using (series_id, starts)
        order by 1, 2
        for update of b
    ),
    gone as (
        delete from observation_block b using held h
        where b.series_id = h.series_id and b.starts = h.starts
        returning b.*
    )
    insert into observation (time, received_at, value, series_id, source_id, quality)
    select
        h.starts + h.at * interval '1 microsecond',
        h.starts + h.received * interval '1 microsecond', h.value, h.series_id, h.source_id, h.quality
    from (
        select
            series_id, starts, unnest(at) as at, unnest(received) as received,
            unnest(value) as value, unnest(source_id) as source_id, unnest(quality) as quality
        from gone
    ) as h;
    get diagnostics unpacked = row_count;
    return unpacked;
end
$$;
revoke execute on function unpack_observations(integer[], timestamptz[]) from public;

-- Gives back the room of rows that were packed: writes the partitions of a time anew that are mostly empty; one that is
-- still written to only where that takes no time. Readers in the midst of something keep what they see. Returns how many
-- were left for another time, since somebody was in the way for a second.
create function shrink_observations(from_time timestamptz, to_time timestamptz) returns integer
    language plpgsql
    security definer
    set search_path = public, pg_temp
    set timezone to 'UTC'
    set lock_timeout = '1s'
as $$
declare
    partition text;
    key text;
    is_over boolean;
    rows bigint;
    left_alone integer := 0;
begin
    for partition, key, is_over in
        select c.relname, i.indexrelid::regclass::text, month + interval '1 month' <= to_time
        from pg_inherits
        join pg_class c on c.oid = inhrelid
        join pg_index i on i.indrelid = c.oid and i.indisprimary
        cross join lateral (select to_date(right(c.relname, 7), 'YYYY_MM')::timestamptz as month) as bound
        where inhparent = 'observation'::regclass
            and month + interval '1 month' > from_time and month <= to_time
            and pg_total_relation_size(c.oid) > 1048576
    loop
        execute format('select count(*) from %I', partition) into rows;
        if rows * 250 < pg_total_relation_size(partition::regclass) and (is_over or rows <= 1000000) then
            begin
                execute format('cluster %I using %I', partition, key);
            exception when lock_not_available then
                left_alone := left_alone + 1;
            end;
        end if;
    end loop;
    return left_alone;
end
$$;
revoke execute on function shrink_observations(timestamptz, timestamptz) from public;

-- Drops every reading before an edge, but for the last one of each series, the last one that figures do not leave out,
-- and of registers the last one above zero; returns how many were kept. What follows the edge is judged and computed by
-- them. What dropped readings were judged to be stays: it says why figures that stay left some of them out.
-- Done by whoever asks as the owner of the table would; nobody but the owner may until it is granted.
create or replace function drop_observations(before timestamptz) returns integer
    language plpgsql
    security definer
    set search_path = public, pg_temp
    set timezone to 'UTC'
as $$
declare
    last observation[];
    partition text;
begin
    perform unpack_observations(array_agg(series_id), array_agg(starts))
    from observation_block where starts < before and ends >= before;
    select array_agg(row(o.time, o.received_at, o.value, o.series_id, o.source_id, o.quality)::observation) into last
    from (
        select series.series_id, found.time
        from series
        cross join lateral reading_before(series.series_id, before - interval '1 microsecond') as found
        union
        select series.series_id, found.time
        from series
        cross join lateral (
            (
                select o.time from observation o
                where o.series_id = series.series_id and o.time < before and o.value > 0
                order by o.time desc limit 1
            )
            union all
            (
                select k.time from packed_before(series.series_id, before, null) as k
                where k.time < before and k.value > 0
                order by k.starts desc, k.time desc limit 1
            )
            order by time desc limit 1
        ) as found
        where series.kind = 'register'
        union
        select series.series_id, found.time
        from series
        cross join lateral sound_reading_before(series.series_id, before - interval '1 microsecond') as found
        where series.plausible_change is not null
    ) as kept
    cross join lateral readings_of(kept.series_id, kept.time, kept.time) as o;
    delete from observation_block where ends < before;
    if exists (select from pg_partitioned_table where partrelid = 'observation'::regclass) then
        for partition in
            select relname from pg_inherits join pg_class on pg_class.oid = inhrelid
            where inhparent = 'observation'::regclass
                and to_date(right(relname, 7), 'YYYY_MM')::timestamptz + interval '1 month' <= before
        loop
            execute format('drop table %I', partition);
        end loop;
        perform ensure_partitions(month, month)
        from (select distinct date_trunc('month', time) as month from unnest(last)) as needed;
    else
        perform drop_chunks('observation', older_than => before);
    end if;
    insert into observation select * from unnest(last);
    insert into retention (horizon, kept) values (before, coalesce(cardinality(last), 0));
    return coalesce(cardinality(last), 0);
end
$$;
