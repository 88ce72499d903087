-- What decides a figure is kept by indicator, so that a change recomputes what it touches; old revisions of open
-- periods are thinned to one a day.

-- An object of texts: the zone, and a digest by indicator. Nothing is known of them yet, so all is computed once more.
alter table kpi_extent alter column definition type jsonb using '{}'::jsonb;

-- Superseded revisions of periods that were open when they were computed, in the order in which they age.
create index kpi_value_superseded_open on kpi_value (superseded_at)
    where superseded_at is not null and status <> 'final' and through < period_end;

-- Until when they have been thinned: one row, or none.
create table kpi_thinning (
    only_row boolean primary key default true check (only_row),
    through  timestamptz not null
);
