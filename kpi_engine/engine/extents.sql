-- name: extents
-- How far the figures of each subject reach.
select
    city_id, site_id,
    (extract(epoch from life_from) * 1000000)::bigint as life_from_us,
    (extract(epoch from through) * 1000000)::bigint as through_us,
    definition
from kpi_extent
