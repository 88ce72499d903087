-- name: oldest_rollup_mark
-- How many seconds ago the oldest mark of changed hours was made.
select extract(epoch from clock_timestamp() - marked_at)::float8 from rollup_mark order by seq limit 1

-- name: oldest_due
-- For how many seconds the figure that has waited longest has been due, but for those whose first load goes on.
select extract(epoch from clock_timestamp() - min(since))::float8 from kpi_due where not_before is null
