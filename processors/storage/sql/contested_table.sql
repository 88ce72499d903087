-- The keys of one write that have been given more than one value; of this session, for one transaction.
create temporary table if not exists contested (
    series_id integer not null,
    time      timestamptz not null
) on commit delete rows
