-- The known keys of one write that need a decision: ``differs`` where they have been given more than one value, or one
-- with a revision, otherwise where the known value came in again with a better claim; of this session, for one
-- transaction.
create temporary table if not exists contested (
    series_id integer not null,
    time      timestamptz not null,
    differs   boolean not null
) on commit delete rows
