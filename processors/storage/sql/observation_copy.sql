-- Store readings that are expected to be new; a reading that is known ends the transaction.
copy observation (series_id, time, value, received_at, source_id, quality) from stdin (format binary)
