-- Partitions are made as their owner makes them, whoever stores the reading that needs one: a role that may write
-- observations need not own their table.
alter function ensure_partitions(timestamptz, timestamptz) security definer;
alter function ensure_partitions(timestamptz, timestamptz) set search_path = public, pg_temp;
