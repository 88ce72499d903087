-- name: rollup_marks_pending
-- Marks of changed hours that nobody has taken yet, as the snapshot of this transaction has them.
select
    series_id,
    (extract(epoch from from_time) * 1000000)::bigint as start_us,
    (extract(epoch from to_time) * 1000000)::bigint as end_us
from rollup_mark
