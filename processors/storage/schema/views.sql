-- name: views_drop
-- The schemas of the views of dashboards and of evaluators; they hold no data.
drop schema if exists grafana, evaluator cascade

-- name: views_checksum
-- The checksum of the views that were made last, kept as the comment of their schema; null without the schema.
select obj_description(to_regnamespace('grafana'), 'pg_namespace')
