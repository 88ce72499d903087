-- The schema of the dashboards' views; it holds no data.
drop schema if exists grafana cascade
