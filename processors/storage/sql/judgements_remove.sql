-- Removes the flags of readings that are nothing remarkable any more.
delete from reading_quality q
using unnest(%(series)s::integer[], %(times)s::timestamptz[]) as gone (series_id, time)
where q.series_id = gone.series_id and q.time = gone.time
