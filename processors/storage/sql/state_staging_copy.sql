-- Fills the session's table of durations that are about to be kept.
copy state_staging (series_id, bucket, bucket_end, state, duration, count) from stdin (format binary)
