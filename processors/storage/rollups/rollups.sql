-- name: window_table
-- Creates the session's table of windows to look at: a series from one instant to another.
create temporary table if not exists rollup_window (
    slot      integer not null,
    series_id integer not null,
    from_time timestamptz not null,
    to_time   timestamptz not null
) on commit delete rows

-- name: rollup_staging_table
-- Creates the session's staging table for rollups.
create temporary table if not exists rollup_staging (
    series_id     integer not null,
    bucket        timestamptz not null,
    bucket_end    timestamptz not null,
    count         integer not null,
    minimum       double precision,
    maximum       double precision,
    total         double precision,
    integral      double precision,
    estimated     double precision not null,
    measured      double precision not null,
    weighted      double precision not null,
    covered_from  timestamptz,
    covered_to    timestamptz,
    measured_from timestamptz,
    measured_to   timestamptz,
    rejected      integer not null,
    contract      integer not null,
    interpolated  double precision,
    estimated_time double precision,
    pause         double precision,
    first_at      timestamptz,
    last_at       timestamptz,
    entry_seconds real,
    entry_amount  real,
    exit_seconds  real,
    exit_amount   real,
    doubt_below   real,
    doubt_above   real,
    peak          real
) on commit delete rows

-- name: state_staging_table
-- Creates the session's table of durations that are about to be kept; its key is how state_keep looks up what is staged.
create temporary table if not exists state_staging (
    series_id  integer not null,
    bucket     timestamptz not null,
    bucket_end timestamptz not null,
    state      smallint not null,
    duration   bigint not null,
    count      integer not null,
    primary key (series_id, bucket, state)
) on commit delete rows

-- name: look_up_by_key
-- Keeps the planner to index look-ups: every query of this session starts from a small table that has no statistics.
select set_config('enable_hashjoin', 'off', false), set_config('enable_mergejoin', 'off', false)

-- part: mark_is_ours
-- Whether a mark m is of the shards that are asked for; of a series that nobody knows, by its own id.
%(is_every)s::boolean
or coalesce((select s.device_id from series s where s.series_id = m.series_id), m.series_id) %% 64
    = any(%(shards)s::integer[])

-- name: marks_take
-- Takes marks of touched readings, one row per series and month with the extent of its marks: the oldest and the newest,
-- so that live readings do not wait for history, each as many as hours are expected of them, and at least one. Of given
-- shards alone where they are not all: another's marks are passed over.
with oldest as (
    select seq, sum(hours) over (order by seq) - hours as hours_before
    from (
        select m.seq, extract(epoch from m.to_time - m.from_time) / 3600 + 1 as hours
        from observation_mark m
        where
            -- include: processors.storage.rollups.rollups.mark_is_ours
        order by m.seq limit %(limit)s
    ) as waiting
), newest as (
    select seq, sum(hours) over (order by seq desc) - hours as hours_before
    from (
        select m.seq, extract(epoch from m.to_time - m.from_time) / 3600 + 1 as hours
        from observation_mark m
        where
            -- include: processors.storage.rollups.rollups.mark_is_ours
        order by m.seq desc limit %(limit)s
    ) as waiting
), taken as (
    delete from observation_mark
    where seq in (
        select seq from oldest where hours_before < %(hours)s
        union
        select seq from newest where hours_before < %(hours)s
    )
    returning series_id, from_time, to_time
)
select
    series_id,
    (extract(epoch from min(from_time)) * 1000000)::bigint as from_time,
    (extract(epoch from max(to_time)) * 1000000)::bigint as to_time
from taken
group by series_id, date_trunc('month', from_time)
order by series_id, from_time

-- name: window_neighbours
-- Returns the stored readings before and after each window, as one row of arrays, in any order; -infinity and NaN where
-- there is none.
select
    array_agg(w.slot),
    array_agg(coalesce(previous.time, '-infinity')),
    array_agg(coalesce(following.time, '-infinity')),
    array_agg(coalesce(previous.value, 'NaN')),
    array_agg(coalesce(following.value, 'NaN'))
from rollup_window w
left join lateral reading_before(w.series_id, w.from_time - interval '1 microsecond') previous on true
left join lateral reading_after(w.series_id, w.to_time + interval '1 microsecond') following on true

-- name: window_readings
-- Returns the readings of all windows as one row of arrays, in any order: from the last at or before a window's start
-- to the first at or after its end.
select array_agg(w.slot), array_agg(o.time), array_agg(o.value)
from rollup_window w
left join lateral reading_before(w.series_id, w.from_time) previous on true
left join lateral reading_after(w.series_id, w.to_time) following on true
cross join lateral (
    select r.time, r.value
    from readings_of(w.series_id, coalesce(previous.time, w.from_time), coalesce(following.time, w.to_time)) r
    offset 0 -- keeps the bounds in the index look-up
) o

-- name: rollup_staging_copy
-- Fills the session's staging table for rollups.
copy rollup_staging from stdin (format binary)

-- name: rollup_replace
-- Replaces stored rollups of one period by the staged ones.
update rollup_row r
set bucket_end = s.bucket_end,
    count = s.count,
    minimum = s.minimum,
    maximum = s.maximum,
    total = s.total,
    integral = s.integral,
    estimated = s.estimated,
    measured = s.measured,
    weighted = s.weighted,
    covered_from = s.covered_from,
    covered_to = s.covered_to,
    measured_from = s.measured_from,
    measured_to = s.measured_to,
    rejected = s.rejected,
    contract = s.contract,
    interpolated = s.interpolated,
    estimated_time = s.estimated_time,
    pause = s.pause,
    first_at = s.first_at,
    last_at = s.last_at,
    entry_seconds = s.entry_seconds,
    entry_amount = s.entry_amount,
    exit_seconds = s.exit_seconds,
    exit_amount = s.exit_amount,
    doubt_below = s.doubt_below,
    doubt_above = s.doubt_above,
    peak = s.peak,
    updated_at = now()
from rollup_staging s
where r.period = %(period)s and r.series_id = s.series_id and r.bucket = s.bucket

-- name: rollup_remove
-- Removes stored rollups that the readings do not give any more, since a city file says something else of their series.
delete from rollup_row r
using unnest(%(series)s::integer[], %(buckets)s::timestamptz[]) as gone (series_id, bucket)
where r.period = %(period)s and r.series_id = gone.series_id and r.bucket = gone.bucket

-- name: rollup_mark_copy
-- Tells the KPI engine which hours of a series changed, and which of them held no reading before.
copy rollup_mark (series_id, from_time, to_time, is_first) from stdin (format binary)

-- part: rollup_fields
-- What is known of a bucket, field by field, in the order in which it is kept.
count, minimum, maximum, total, integral, estimated, measured, weighted,
covered_from, covered_to, measured_from, measured_to, rejected, contract,
interpolated, estimated_time, pause, first_at, last_at,
entry_seconds, entry_amount, exit_seconds, exit_amount, doubt_below, doubt_above, peak

-- name: rollup_copy_day
-- Stores days that are not stored yet.
copy rollup_day (
    series_id, bucket, bucket_end,
    -- include: processors.storage.rollups.rollups.rollup_fields
) from stdin (format binary)

-- name: rollup_copy_hour
-- Stores hours that are not stored yet.
copy rollup_hour (
    series_id, bucket, bucket_end,
    -- include: processors.storage.rollups.rollups.rollup_fields
) from stdin (format binary)

-- name: rollup_copy_month
-- Stores months that are not stored yet.
copy rollup_month (
    series_id, bucket, bucket_end,
    -- include: processors.storage.rollups.rollups.rollup_fields
) from stdin (format binary)

-- part: rollup_arrays
-- The fields of rollups r as arrays, in any order; NaN and -infinity for what is NULL.
array_agg(r.bucket),
array_agg(r.bucket_end),
array_agg(r.count),
array_agg(coalesce(r.minimum, 'NaN')),
array_agg(coalesce(r.maximum, 'NaN')),
array_agg(coalesce(r.total, 'NaN')),
array_agg(coalesce(r.integral, 'NaN')),
array_agg(r.estimated),
array_agg(r.measured),
array_agg(r.weighted),
array_agg(coalesce(r.covered_from, '-infinity')),
array_agg(coalesce(r.covered_to, '-infinity')),
array_agg(coalesce(r.measured_from, '-infinity')),
array_agg(coalesce(r.measured_to, '-infinity')),
array_agg(r.rejected),
array_agg(r.contract),
array_agg(coalesce(r.interpolated, 'NaN')),
array_agg(coalesce(r.estimated_time, 'NaN')),
array_agg(coalesce(r.pause, 'NaN')),
array_agg(coalesce(r.first_at, '-infinity')),
array_agg(coalesce(r.last_at, '-infinity')),
array_agg(coalesce(r.entry_seconds, 'NaN')),
array_agg(coalesce(r.entry_amount, 'NaN')),
array_agg(coalesce(r.exit_seconds, 'NaN')),
array_agg(coalesce(r.exit_amount, 'NaN')),
array_agg(coalesce(r.doubt_below, 'NaN')),
array_agg(coalesce(r.doubt_above, 'NaN')),
array_agg(coalesce(r.peak, 'NaN'))

-- name: window_rollups
-- Returns the buckets of a period of all windows as one row of arrays, in any order; NaN and -infinity for what is
-- NULL. None is longer than "longest": that keeps to the index.
select
    array_agg(w.slot),
    -- include: processors.storage.rollups.rollups.rollup_arrays
from rollup_window w
cross join lateral rollups_of(%(period)s, w.series_id, w.from_time - %(longest)s::interval, w.to_time) r
where r.bucket_end > w.from_time

