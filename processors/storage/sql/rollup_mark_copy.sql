-- Tells the KPI engine which hours of a series changed.
copy rollup_mark (series_id, from_time, to_time) from stdin (format binary)
