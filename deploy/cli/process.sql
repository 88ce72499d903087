-- name: oldest_mark
-- How many seconds ago the oldest mark of touched readings was made.
select extract(epoch from clock_timestamp() - marked_at)::float8 from observation_mark order by seq limit 1
