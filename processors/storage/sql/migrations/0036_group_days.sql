-- Days of hours of groups of meters, side by side, that indicators of what happens at the same time were computed from:
-- one late reading does not make a year of hours be read again. Nothing but a copy: no figure depends on what is here.
create table kpi_group_day (
    digest  text not null, -- of who counts from when to when, and of the zone
    day     timestamptz not null,
    day_end timestamptz not null,
    hours   bytea not null, -- values, lower and upper bounds of the hours, float64 little endian, NaN where not known
    primary key (digest, day)
);
