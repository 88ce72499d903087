-- Tells the KPI engine which hours of a series changed, and which of them held no reading before.
copy rollup_mark (series_id, from_time, to_time, is_first) from stdin (format binary)
