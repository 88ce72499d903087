-- Ends the validity of a subject's figures of given periods.
update kpi_value v
set superseded_at = %(at)s
from unnest(%(periods)s::text[], %(starts)s::bigint[]) as former (period, start_us)
where v.city_id = %(city_id)s
    and v.site_id is not distinct from %(site_id)s
    and v.period = former.period
    and v.period_start = timestamptz 'epoch' + former.start_us * interval '1 microsecond'
    and v.superseded_at is null
