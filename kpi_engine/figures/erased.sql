-- name: erased_spans
-- Which figures rest on erased readings, in microseconds.
select city_id, nullif(site_id, 0), kpi, (extract(epoch from first_at) * 1000000)::bigint,
    (extract(epoch from through) * 1000000)::bigint
from erased_inputs
