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
