-- name: bare_table
-- A table like that of the readings, for nothing but the comparison.
create table bare (like observation including all)

-- name: bare_copy
-- Copy readings as they are: no ledger, no marks, no rollups, no decoding.
copy bare (series_id, time, value, received_at, source_id, quality) from stdin (format binary)
