-- name: api_residual_series
-- Residual series in scope; every filter is optional.
select
    r.series_id, c.name as city, s.name as site, s.vertical, d.name as device, r.quantity, r.title, r.unit, r.members,
    c.timezone as zone
from kpi_residual_series r
-- include: kpi_engine.api.series.series_wanted

-- name: api_residuals
-- Residuals of a series in a half-open range, times in microseconds.
select
    (extract(epoch from bucket) * 1000000)::bigint as start,
    (extract(epoch from bucket_end) * 1000000)::bigint as end,
    value, reference, estimated, reason
from kpi_residual
where period = %(period)s
    and series_id = %(series_id)s
    and bucket >= %(start)s
    and bucket < %(end)s
order by bucket

-- name: api_residual_sites
-- The sites at which the meters of a residual stand.
select distinct site.name
from series join device using (device_id) join site using (site_id)
where series.series_id = any(%(series)s)
