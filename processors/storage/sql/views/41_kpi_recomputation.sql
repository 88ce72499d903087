-- Figures of cities and sites that were computed again, `time` says when, `cause` why, `changed` whether a new revision came of it.
create view grafana.kpi_recomputation as
select
    r.recomputation_id, c.name as city, s.name as site, r.kpi, r.period,
    to_char(
        r.period_start at time zone c.timezone,
        case r.period when 'year' then 'YYYY' when 'month' then 'YYYY-MM' else 'YYYY-MM-DD' end
    ) as label,
    r.cause, r.cause_detail, r.changed, r.computed_at as time
from public.kpi_recomputation r
join public.city c using (city_id)
left join public.site s on s.site_id = r.site_id
where r.site_id is null or s.site_id is not null
