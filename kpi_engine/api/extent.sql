-- name: api_extent
-- From when to when anything is kept of a series in buckets of one length; no row where nothing is. Times in
-- microseconds.
select
    (extract(epoch from first) * 1000000)::bigint as first,
    (extract(epoch from last) * 1000000)::bigint as last
from (
    select least(rolled.first, stated.first, left_over.first), greatest(rolled.last, stated.last, left_over.last)
    from
        (select min(bucket), max(bucket_end) from rollup where period = %(period)s and series_id = %(series_id)s)
            as rolled (first, last),
        (select min(bucket), max(bucket_end) from state_duration where period = %(period)s and series_id = %(series_id)s)
            as stated (first, last),
        (select min(bucket), max(bucket_end) from kpi_residual where period = %(period)s and series_id = %(series_id)s)
            as left_over (first, last)
) as kept (first, last)
where first is not null
