-- Puts figures on the agenda; of two causes for one figure the more urgent one stands.
insert into kpi_due as d (kpi, city_id, site_id, period, period_start, cause, urgency, since)
select
    due.kpi, due.city_id, due.site_id, due.period, timestamptz 'epoch' + due.start_us * interval '1 microsecond',
    due.cause, due.urgency, %(since)s
from unnest(
    %(kpis)s::text[], %(cities)s::smallint[], %(sites)s::integer[], %(periods)s::text[], %(starts)s::bigint[],
    %(causes)s::text[], %(urgencies)s::smallint[]
) as due (kpi, city_id, site_id, period, start_us, cause, urgency)
on conflict (kpi, city_id, site_id, period, period_start) do update
    set cause = excluded.cause, urgency = excluded.urgency
    where excluded.urgency < d.urgency
