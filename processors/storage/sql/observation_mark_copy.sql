-- Mark the times of readings that were stored.
copy observation_mark (series_id, from_time, to_time) from stdin (format binary)
