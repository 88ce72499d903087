-- name: views_drop
-- The schema of the dashboards' views; it holds no data.
drop schema if exists grafana cascade

-- name: views_checksum
-- The checksum of the views that were made last, kept as the comment of their schema; null without the schema.
select obj_description(to_regnamespace('grafana'), 'pg_namespace')
