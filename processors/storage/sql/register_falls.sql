-- The days (UTC) on which each register fell, as microseconds.
select series_id, array_agg((extract(epoch from day) * 1000000)::bigint order by day) from register_fall group by series_id
