-- The newest closed period of every city and indicator, by kind of period: one index look-up each, sites left out. A
-- figure computed while its period was open is a part of it, and none of the closed period.
select
    city.name as city, figure.kpi, figure.period, figure.period_start, figure.period_end, city.timezone,
    figure.value, figure.unit, figure.coverage, figure.estimated_share
from city
cross join unnest(%(kpis)s::text[]) as wanted (kpi)
cross join unnest(%(periods)s::text[]) as cut (period)
cross join lateral (
    select v.*
    from kpi_value v
    where v.kpi = wanted.kpi
        and v.city_id = city.city_id
        and v.site_id is null
        and v.period = cut.period
        and v.superseded_at is null
        and v.through >= v.period_end
    order by v.period_start desc
    limit 1
) figure
