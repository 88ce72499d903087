-- name: api_hours_of_series
-- Hours of several series together, of each within its span: amounts so far, and how many series know the whole hour.
select
    r.bucket,
    r.bucket_end,
    array_agg(r.total order by r.series_id) filter (where r.total is not null) as amounts,
    count(*) filter (where r.covered_from = r.bucket and r.covered_to = r.bucket_end and r.doubt_above is null) as whole
from unnest(%(series)s::integer[], %(starts)s::timestamptz[], %(ends)s::timestamptz[]) as s (series_id, starts, ends)
cross join lateral rollups_of('hour', s.series_id, s.starts, s.ends) r
group by r.bucket, r.bucket_end
order by r.bucket
