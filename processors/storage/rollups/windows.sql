-- name: window_copy
-- Fills the session's table of windows.
copy rollup_window (slot, series_id, from_time, to_time) from stdin (format binary)
