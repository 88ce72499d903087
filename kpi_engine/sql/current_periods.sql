-- The periods of which a subject has current figures.
select distinct
    period,
    (extract(epoch from period_start) * 1000000)::bigint as start_us,
    (extract(epoch from period_end) * 1000000)::bigint as end_us
from kpi_value
where city_id = %(city_id)s
    and site_id is not distinct from %(site_id)s
    and superseded_at is null
