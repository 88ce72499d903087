-- name: portion_begin
-- One moment for all that is read. A worker that is frozen meanwhile does not keep for long what it has claimed.
set transaction isolation level repeatable read; set local idle_in_transaction_session_timeout = '120s'

-- name: rollup_marks_pending
-- Marks of changed hours that nobody has taken yet, as the snapshot of this transaction has them.
select
    series_id,
    (extract(epoch from from_time) * 1000000)::bigint as start_us,
    (extract(epoch from to_time) * 1000000)::bigint as end_us
from rollup_mark
