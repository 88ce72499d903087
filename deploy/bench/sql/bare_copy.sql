-- Copy readings as they are: no ledger, no marks, no rollups, no decoding.
copy bare (series_id, time, value, received_at, source_id, quality) from stdin (format binary)
