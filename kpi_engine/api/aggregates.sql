-- name: api_rollups
-- Rollups of a series in a half-open range as one row of arrays, in any order.
select
    -- include: processors.storage.rollups.rollups.rollup_arrays
from rollups_of(%(period)s, %(series_id)s, %(start)s, %(end)s) r
