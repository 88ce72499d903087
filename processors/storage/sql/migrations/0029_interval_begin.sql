-- When the intervals of amounts begin, as their sources gave it: every distinct begin of every value of a reading, each
-- on the best claim it was given with, as values in conflict are. Nothing is here of amounts that came with one stamp:
-- their intervals are as long as declared.
create table interval_begin (
    series_id   integer not null,
    time        timestamptz not null,
    value       double precision not null,
    begin       timestamptz not null,
    source_id   smallint not null,
    received_at timestamptz not null,
    revision    double precision not null default '-infinity',
    primary key (series_id, time, value, begin)
);
