-- name: retention_horizon
-- Since when readings are kept, in microseconds; null while nothing was ever dropped.
select (extract(epoch from max(horizon)) * 1000000)::bigint from retention

-- name: retention_hold
-- Nothing is dropped until this transaction ends.
select pg_advisory_xact_lock_shared(hashtext('retention'))

-- name: retention_claim
-- Nobody writes old readings until this transaction ends; gives up rather than keep writers waiting for long.
select set_config('lock_timeout', '5s', true), pg_advisory_xact_lock(hashtext('retention'))

-- name: retention_edge
-- The latest edge of a chunk or partition at or before an instant, if something was stored before it since the last time.
select edge from observation_edge(%(latest)s) as edge
where edge > coalesce((select max(horizon) from retention), '-infinity')

-- name: retention_pending
-- What still has to be computed from readings that would be dropped, or from what they come to: touched readings but
-- those of the last day, changed hours, figures due.
select
    (select count(*) from observation_mark where from_time < now() - interval '1 day') as readings,
    (select count(*) from rollup_mark where from_time < %(edge)s) as hours,
    (select count(*) from kpi_due where period_start < %(edge)s) as figures

-- name: retention_drop
-- Drop every reading before an edge, but for the last one of each series.
select drop_observations(%(edge)s)
