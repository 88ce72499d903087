-- name: extent_of
-- How far the figures of one subject reach, microseconds.
select
    (extract(epoch from life_from) * 1000000)::bigint as life_from_us,
    (extract(epoch from through) * 1000000)::bigint as through_us
from kpi_extent
where city_id = %(city_id)s and site_id is not distinct from %(site_id)s
