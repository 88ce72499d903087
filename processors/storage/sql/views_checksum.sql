-- The checksum of the views that were made last, kept as the comment of their schema; null without the schema.
select obj_description(to_regnamespace('grafana'), 'pg_namespace')
