-- How many seconds ago the oldest mark of changed hours was made.
select extract(epoch from clock_timestamp() - marked_at)::float8 from rollup_mark order by seq limit 1
