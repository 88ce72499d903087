-- Stores months that are not stored yet.
copy rollup_month (
    series_id, bucket, bucket_end, count, minimum, maximum, total, integral, estimated, measured, weighted,
    covered_from, covered_to, measured_from, measured_to, rejected, contract,
    interpolated, estimated_time, pause, first_at, last_at,
    entry_seconds, entry_amount, exit_seconds, exit_amount, doubt_below, doubt_above, peak
) from stdin (format binary)
