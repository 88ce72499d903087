-- name: blocks_end
-- Until when anything is packed, microseconds; null where nothing is.
select (extract(epoch from max(ends)) * 1000000)::bigint from rollup_block

-- name: blocks_series
-- The next series of given shards, by id.
select series_id from series
where series_id > %(after)s and device_id %% 64 = any(%(shards)s::integer[])
order by series_id limit %(limit)s

-- name: blocks_to_pack
-- Blocks of given series with rows of hours before an instant: where the whole block is there, or has rested for a while;
-- and whether all of them were written before hours were packed at all.
select found.series_id, found.starts, found.written < (
    select applied_at from schema_migration where name = '0044_hours_in_blocks'
)
from unnest(%(series)s::integer[]) as s (series_id)
cross join lateral (
    select r.series_id, rollup_block_begin(r.bucket) as starts, max(r.updated_at) as written
    from rollup_hour r
    where r.period = 'hour' and r.series_id = s.series_id and r.bucket < %(before)s
    group by r.series_id, starts
    having count(*) >= 192 or max(r.updated_at) < now() - make_interval(secs => %(rest)s)
) as found
order by found.series_id, found.starts
limit %(limit)s

-- name: blocks_pack
-- Moves hours of given blocks that begin before an instant out of their rows, to what is packed of them already.
with chosen as (
    select * from unnest(%(series)s::integer[], %(starts)s::timestamptz[]) as c (series_id, starts)
),
moved as (
    delete from rollup_row r
    using chosen c
    where r.period = 'hour' and r.series_id = c.series_id and r.bucket < %(before)s
        and r.bucket >= c.starts and r.bucket < c.starts + interval '192 hours'
    returning
        c.starts, r.series_id, r.bucket, r.bucket_end,
        -- include: processors.storage.rollups.rollups.rollup_fields
),
hours as (
    select * from moved
    union all
    select
        p.starts, p.series_id, p.bucket, p.bucket_end,
        -- include: processors.storage.rollups.rollups.rollup_fields
    from chosen c
    cross join lateral (
        select * from rollup_packed k where k.series_id = c.series_id and k.starts = c.starts
        offset 0 -- keeps to the key of each block
    ) as p
)
insert into rollup_block as b (
    series_id, starts, begins, ends, at, seconds,
    -- include: processors.storage.rollups.rollups.rollup_fields
)
select
    series_id, starts, min(bucket), max(bucket_end),
    array_agg(date_part('epoch', bucket - starts)::integer order by bucket),
    array_agg(date_part('epoch', bucket_end - bucket)::integer order by bucket),
    array_agg(count order by bucket),
    case when count(minimum) > 0 then array_agg(minimum order by bucket) end,
    case when count(maximum) > 0 then array_agg(maximum order by bucket) end,
    case when count(total) > 0 then array_agg(total order by bucket) end,
    case when count(integral) > 0 then array_agg(integral order by bucket) end,
    array_agg(estimated order by bucket),
    array_agg(measured order by bucket),
    array_agg(weighted order by bucket),
    case when count(covered_from) > 0 then array_agg((date_part('epoch', covered_from - bucket) * 1000000)::bigint order by bucket) end,
    case when count(covered_to) > 0 then array_agg((date_part('epoch', covered_to - bucket_end) * 1000000)::bigint order by bucket) end,
    case when count(measured_from) > 0 then array_agg((date_part('epoch', measured_from - bucket) * 1000000)::bigint order by bucket) end,
    case when count(measured_to) > 0 then array_agg((date_part('epoch', measured_to - bucket_end) * 1000000)::bigint order by bucket) end,
    array_agg(rejected order by bucket),
    array_agg(contract order by bucket),
    case when count(interpolated) > 0 then array_agg(interpolated order by bucket) end,
    case when count(estimated_time) > 0 then array_agg(estimated_time order by bucket) end,
    case when count(pause) > 0 then array_agg(pause order by bucket) end,
    case when count(first_at) > 0 then array_agg((date_part('epoch', first_at - bucket) * 1000000)::bigint order by bucket) end,
    case when count(last_at) > 0 then array_agg((date_part('epoch', last_at - bucket_end) * 1000000)::bigint order by bucket) end,
    case when count(entry_seconds) > 0 then array_agg(entry_seconds order by bucket) end,
    case when count(entry_amount) > 0 then array_agg(entry_amount order by bucket) end,
    case when count(exit_seconds) > 0 then array_agg(exit_seconds order by bucket) end,
    case when count(exit_amount) > 0 then array_agg(exit_amount order by bucket) end,
    case when count(doubt_below) > 0 then array_agg(doubt_below order by bucket) end,
    case when count(doubt_above) > 0 then array_agg(doubt_above order by bucket) end,
    case when count(peak) > 0 then array_agg(peak order by bucket) end
from hours
group by series_id, starts
on conflict (series_id, starts) do update
    set begins = excluded.begins, ends = excluded.ends, is_open = false,
        at = excluded.at, seconds = excluded.seconds, count = excluded.count, minimum = excluded.minimum,
        maximum = excluded.maximum, total = excluded.total, integral = excluded.integral,
        estimated = excluded.estimated, measured = excluded.measured, weighted = excluded.weighted,
        covered_from = excluded.covered_from, covered_to = excluded.covered_to,
        measured_from = excluded.measured_from, measured_to = excluded.measured_to, rejected = excluded.rejected,
        contract = excluded.contract, interpolated = excluded.interpolated, estimated_time = excluded.estimated_time,
        pause = excluded.pause, first_at = excluded.first_at, last_at = excluded.last_at,
        entry_seconds = excluded.entry_seconds, entry_amount = excluded.entry_amount,
        exit_seconds = excluded.exit_seconds, exit_amount = excluded.exit_amount, doubt_below = excluded.doubt_below,
        doubt_above = excluded.doubt_above, peak = excluded.peak

-- name: blocks_unpack
-- Makes rows of the hours of the blocks that hold given hours, and removes the blocks.
with unpacked as (
    delete from rollup_block b
    using (
        select distinct series_id, rollup_block_begin(bucket) as starts
        from unnest(%(series)s::integer[], %(buckets)s::timestamptz[]) as gone (series_id, bucket)
    ) as c
    where b.series_id = c.series_id and b.starts = c.starts
    returning b.series_id, b.starts
)
insert into rollup_hour (
    series_id, bucket, bucket_end,
    -- include: processors.storage.rollups.rollups.rollup_fields
)
select
    p.series_id, p.bucket, p.bucket_end,
    -- include: processors.storage.rollups.rollups.rollup_fields
from unpacked u
cross join lateral (
    select * from rollup_packed k where k.series_id = u.series_id and k.starts = u.starts
    offset 0 -- keeps to the key of each block
) as p

-- name: hours_reopen
-- Keeps staged hours that are packed as rows, which hold in their place.
with added as (
    insert into rollup_hour (
        series_id, bucket, bucket_end,
        -- include: processors.storage.rollups.rollups.rollup_fields
    )
    select
        s.series_id, s.bucket, s.bucket_end,
        -- include: processors.storage.rollups.rollups.rollup_fields
    from rollup_staging s
    where not exists (
        select from rollup_hour r where r.period = 'hour' and r.series_id = s.series_id and r.bucket = s.bucket
    )
    returning series_id, bucket
)
update rollup_block b
set is_open = true
from (select distinct series_id, rollup_block_begin(bucket) as starts from added) as a
where b.series_id = a.series_id and b.starts = a.starts and not b.is_open
