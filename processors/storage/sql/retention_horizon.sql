-- Since when readings are kept, in microseconds; null while nothing was ever dropped.
select (extract(epoch from max(horizon)) * 1000000)::bigint from retention
