-- Removes stored rollups that the readings do not give any more, since a city file says something else of their series.
delete from rollup r
using unnest(%(series)s::integer[], %(buckets)s::timestamptz[]) as gone (series_id, bucket)
where r.period = %(period)s and r.series_id = gone.series_id and r.bucket = gone.bucket
