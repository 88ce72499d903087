-- The known keys of one write that need a decision: ``differs`` where they have been given more than one value, or one
-- with a revision, otherwise where the known value came in again with a better claim; of this session, for one
-- transaction. By key, since a file whose every value is revised contests as many as it has.
create temporary table if not exists contested (
    series_id integer not null,
    time      timestamptz not null,
    differs   boolean not null,
    primary key (series_id, time)
) on commit delete rows
