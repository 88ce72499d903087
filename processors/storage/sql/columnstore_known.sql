-- Whether the observations are a hypertable, and whether TimescaleDB's licence allows to compress them.
select
    not exists (select from pg_partitioned_table where partrelid = 'observation'::regclass),
    coalesce(current_setting('timescaledb.license', true), '') = 'timescale'
