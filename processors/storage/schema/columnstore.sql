-- name: columnstore_record
-- Remember that the policy was applied; nothing to return where it had been before.
insert into storage_policy (name) values ('columnstore') on conflict do nothing returning name

-- name: columnstore_policy_remove
-- Make room for the declared policy.
call remove_columnstore_policy('observation', if_exists => true)

-- name: columnstore_state
-- How TimescaleDB keeps the observations: the length of a chunk, how chunks are compressed, after how long a policy does
-- so and how its last run ended, and after how long some policy drops readings.
select
    (select time_interval::text from timescaledb_information.dimensions where hypertable_name = 'observation'),
    settings.segmentby,
    settings.orderby,
    (select config ->> 'compress_after' from timescaledb_information.jobs
        where hypertable_name = 'observation' and proc_name in ('policy_compression', 'policy_columnstore') limit 1),
    (select last_run_status from timescaledb_information.jobs join timescaledb_information.job_stats using (job_id)
        where jobs.hypertable_name = 'observation' and proc_name in ('policy_compression', 'policy_columnstore') limit 1),
    (select config ->> 'drop_after' from timescaledb_information.jobs
        where hypertable_name = 'observation' and proc_name = 'policy_retention' limit 1)
from (select) as one
left join timescaledb_information.hypertable_columnstore_settings as settings
    on settings.hypertable = 'observation'::regclass

-- name: columnstore_known
-- Whether the observations are a hypertable, and whether TimescaleDB's licence allows to compress them.
select
    not exists (select from pg_partitioned_table where partrelid = 'observation'::regclass),
    coalesce(current_setting('timescaledb.license', true), '') = 'timescale'

-- name: columnstore_enable
-- Chunks of observations are compressed by series and in the order of time, as they are read.
alter table observation
    set (timescaledb.enable_columnstore, timescaledb.segmentby = 'series_id', timescaledb.orderby = 'time')

-- name: columnstore_policy
-- Chunks are compressed once all they hold is older than some days.
call add_columnstore_policy('observation', after => make_interval(days => %(days)s), if_not_exists => true)
