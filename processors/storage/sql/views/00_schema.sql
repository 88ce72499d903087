-- What dashboards read: stable, documented columns (docs/grafana.md); everything else may change with any version.
-- Times are timestamptz, `time` is what a panel's time range selects by; values are in the unit beside them.
create schema grafana
