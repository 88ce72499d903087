-- Hours of rollups that are over are kept in blocks: an array per column for the hours of a series in eight days, a tenth
-- of what rows take. A row stands beside a block where an hour is new or was computed again since, and holds then.

alter table rollup rename to rollup_row;

-- How long the time of a block is, and where it begins: eight days, counted from 1970.
create function rollup_block_begin(instant timestamptz) returns timestamptz
    language sql immutable
    return date_bin('192 hours', instant, timestamptz '1970-01-01 00:00:00Z');

-- The packed hours of a series: what they hold as of rollup_row, in the order of the hours. NULL: every hour holds null.
create table rollup_block (
    series_id      integer not null,
    starts         timestamptz not null,              -- where the time of the block begins
    begins         timestamptz not null,              -- where its first hour begins
    ends           timestamptz not null,              -- where its last hour ends
    is_open        boolean not null default false,    -- whether rows hold in place of some of its hours
    at             integer[] not null,                -- begin of the hour, seconds from starts
    seconds        integer[] not null,                -- length of the hour
    count          integer[] not null,
    minimum        double precision[],
    maximum        double precision[],
    total          double precision[],
    integral       double precision[],
    estimated      double precision[] not null,
    measured       double precision[] not null,
    weighted       double precision[] not null,
    covered_from   bigint[],                          -- microseconds from the begin of the hour
    covered_to     bigint[],                          -- microseconds from the end of the hour
    measured_from  bigint[],                          -- microseconds from the begin of the hour
    measured_to    bigint[],                          -- microseconds from the end of the hour
    rejected       integer[] not null,
    contract       integer[] not null,
    interpolated   double precision[],
    estimated_time double precision[],
    pause          double precision[],
    first_at       bigint[],                          -- microseconds from the begin of the hour
    last_at        bigint[],                          -- microseconds from the end of the hour
    entry_seconds  real[],
    entry_amount   real[],
    exit_seconds   real[],
    exit_amount    real[],
    doubt_below    real[],
    doubt_above    real[],
    peak           real[],
    primary key (series_id, starts)
) with (autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.05);

-- Until when anything is packed: what is later is not looked for.
create index on rollup_block (ends);

-- Rows of hours come and go: their room is used again before it grows.
alter table rollup_hour set (autovacuum_vacuum_scale_factor = 0.05);

-- Hours that are packed, one a row, but for those in whose place a row holds. To read a range of time, ask for starts and
-- ends as well: rollups_of does.
create view rollup_packed as
select
    h.starts, h.ends, h.series_id,
    h.starts + h.at * interval '1 second' as bucket,
    h.starts + h.at * interval '1 second' + h.seconds * interval '1 second' as bucket_end,
    h.count, h.minimum, h.maximum, h.total, h.integral, h.estimated, h.measured, h.weighted,
    h.starts + h.at * interval '1 second' + h.covered_from * interval '1 microsecond' as covered_from,
    h.starts + h.at * interval '1 second' + h.seconds * interval '1 second' + h.covered_to * interval '1 microsecond' as covered_to,
    h.starts + h.at * interval '1 second' + h.measured_from * interval '1 microsecond' as measured_from,
    h.starts + h.at * interval '1 second' + h.seconds * interval '1 second' + h.measured_to * interval '1 microsecond' as measured_to,
    h.rejected, h.contract, h.interpolated, h.estimated_time, h.pause,
    h.starts + h.at * interval '1 second' + h.first_at * interval '1 microsecond' as first_at,
    h.starts + h.at * interval '1 second' + h.seconds * interval '1 second' + h.last_at * interval '1 microsecond' as last_at,
    h.entry_seconds, h.entry_amount, h.exit_seconds, h.exit_amount, h.doubt_below, h.doubt_above, h.peak
from (
    select
        series_id, starts, ends, is_open,
        unnest(at) as at, unnest(seconds) as seconds, unnest(count) as count, unnest(minimum) as minimum,
        unnest(maximum) as maximum, unnest(total) as total, unnest(integral) as integral,
        unnest(estimated) as estimated, unnest(measured) as measured, unnest(weighted) as weighted,
        unnest(covered_from) as covered_from, unnest(covered_to) as covered_to,
        unnest(measured_from) as measured_from, unnest(measured_to) as measured_to, unnest(rejected) as rejected,
        unnest(contract) as contract, unnest(interpolated) as interpolated, unnest(estimated_time) as estimated_time,
        unnest(pause) as pause, unnest(first_at) as first_at, unnest(last_at) as last_at,
        unnest(entry_seconds) as entry_seconds, unnest(entry_amount) as entry_amount,
        unnest(exit_seconds) as exit_seconds, unnest(exit_amount) as exit_amount, unnest(doubt_below) as doubt_below,
        unnest(doubt_above) as doubt_above, unnest(peak) as peak
    from rollup_block -- side by side, one hour after the other: a join with unnest(...) is ten times as slow
) as h
where not h.is_open or (
    select true
    from rollup_hour r
    where r.period = 'hour' and r.series_id = h.series_id and r.bucket = h.starts + h.at * interval '1 second'
    limit 1 -- keeps it a look-up of one hour
) is null;

-- Civil hours, days and months of a series, wherever they are kept.
create view rollup as
select
    period, series_id, bucket, bucket_end,
    count, minimum, maximum, total, integral, estimated, measured, weighted, covered_from, covered_to, measured_from,
    measured_to, rejected, contract, interpolated, estimated_time, pause, first_at, last_at, entry_seconds,
    entry_amount, exit_seconds, exit_amount, doubt_below, doubt_above, peak
from rollup_row
union all
select
    'hour', series_id, bucket, bucket_end,
    count, minimum, maximum, total, integral, estimated, measured, weighted, covered_from, covered_to, measured_from,
    measured_to, rejected, contract, interpolated, estimated_time, pause, first_at, last_at, entry_seconds,
    entry_amount, exit_seconds, exit_amount, doubt_below, doubt_above, peak
from rollup_packed;

-- The rollups of a series that begin in [from_time, to_time), by the keys of rows and blocks: what reads a range asks here.
create function rollups_of(wanted text, of_series integer, from_time timestamptz, to_time timestamptz) returns setof rollup
    language sql stable
as $$
select
    period, series_id, bucket, bucket_end,
    count, minimum, maximum, total, integral, estimated, measured, weighted, covered_from, covered_to, measured_from,
    measured_to, rejected, contract, interpolated, estimated_time, pause, first_at, last_at, entry_seconds,
    entry_amount, exit_seconds, exit_amount, doubt_below, doubt_above, peak
from rollup_row
where period = wanted and series_id = of_series and bucket >= from_time and bucket < to_time
union all
select
    'hour', series_id, bucket, bucket_end,
    count, minimum, maximum, total, integral, estimated, measured, weighted, covered_from, covered_to, measured_from,
    measured_to, rejected, contract, interpolated, estimated_time, pause, first_at, last_at, entry_seconds,
    entry_amount, exit_seconds, exit_amount, doubt_below, doubt_above, peak
from rollup_packed
where wanted = 'hour' and series_id = of_series and bucket >= from_time and bucket < to_time
    and starts > from_time - interval '192 hours' and starts < to_time and ends > from_time
$$;

-- The same of rows alone: of days and months, and of hours of a time of which nothing is packed.
create function rollup_rows_of(wanted text, of_series integer, from_time timestamptz, to_time timestamptz)
    returns setof rollup_row
    language sql stable
as $$
select * from rollup_row where period = wanted and series_id = of_series and bucket >= from_time and bucket < to_time
$$;

-- From when to when hours of a series are kept; null where none is.
create function hours_kept(of_series integer, out first timestamptz, out last timestamptz)
    language sql stable
as $$
select
    least(
        (select r.bucket from rollup_hour r
            where r.period = 'hour' and r.series_id = of_series order by r.bucket limit 1),
        (select b.begins from rollup_block b where b.series_id = of_series order by b.starts limit 1)
    ),
    greatest(
        (select r.bucket_end from rollup_hour r
            where r.period = 'hour' and r.series_id = of_series order by r.bucket desc limit 1),
        (select b.ends from rollup_block b where b.series_id = of_series order by b.starts desc limit 1)
    )
$$;
