-- Says of the staged residuals without a value why there is none.
update residual_staging s
set reason = given.reason
from unnest(%(series)s::integer[], %(buckets)s::bigint[], %(reasons)s::text[]) as given (series_id, micros, reason)
where s.series_id = given.series_id and s.bucket = timestamptz 'epoch' + given.micros * interval '1 microsecond'
