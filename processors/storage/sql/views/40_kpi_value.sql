-- The current revision of every figure. `value` is null where the status is insufficient: absent is never zero.
-- `site` is null for the city as a whole; `label` is the period in the city's civil time: 2026, 2026-11 or 2026-11-22.
create view grafana.kpi_value as
select
    v.value_id, c.name as city, c.title as city_title, s.name as site, s.title as site_title, s.vertical,
    v.kpi, v.period, v.period_start as time, v.period_end as time_end,
    to_char(
        v.period_start at time zone c.timezone,
        case v.period when 'year' then 'YYYY' when 'month' then 'YYYY-MM' else 'YYYY-MM-DD' end
    ) as label,
    v.value, v.unit, v.coverage, v.estimated_share, v.status, v.reason, v.through,
    v.period_end <= now() as closed,
    (
        select string_agg(coalesce((f ->> 'name') || ' ' || (f ->> 'version'), f ->> 'series'), ', ')
        from jsonb_array_elements(v.factors) f
    ) as factors,
    v.rule_version, v.revision, v.computed_at
from public.kpi_value v
join public.city c using (city_id)
left join public.site s on s.site_id = v.site_id
where v.superseded_at is null
