-- name: partition_ensure
-- Make sure that the month of a time has a partition.
select ensure_partitions(%(month)s, %(month)s)
