-- Fills the session's staging table for rollups.
copy rollup_staging from stdin (format binary)
