-- Creates the session's table of windows to look at: a series from one instant to another.
create temporary table if not exists rollup_window (
    slot      integer not null,
    series_id integer not null,
    from_time timestamptz not null,
    to_time   timestamptz not null
) on commit delete rows
