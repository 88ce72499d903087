-- The current revision of every figure; `due` says that it is about to be computed again. `value` is null where the status is insufficient: absent is never zero.
-- `subject` is the site, or - for the city as a whole, whose `site` is null. `label` is the period in the city's civil
-- time: 2026, 2026-11 or 2026-11-22. `closed` says that the figure is of the whole period: one that was computed while
-- the period was open stays a part of it until it is computed again, however long that takes. Cities and sites apart, because an index finds null only when asked for it.
create view grafana.kpi_value as
select
    v.value_id, c.name as city, c.title as city_title,
    v.subject, v.site, v.site_title, v.vertical,
    v.kpi, v.period, v.period_start as time, v.period_end as time_end,
    to_char(
        v.period_start at time zone c.timezone,
        case v.period when 'year' then 'YYYY' when 'month' then 'YYYY-MM' else 'YYYY-MM-DD' end
    ) as label,
    v.value, v.lower, v.upper, v.unit, v.coverage, v.estimated_share, v.status, v.reason, v.through,
    v.through >= v.period_end as closed,
    (
        select string_agg(coalesce((f ->> 'name') || ' ' || (f ->> 'version'), f ->> 'series'), ', ')
        from jsonb_array_elements(v.factors) f
    ) as factors,
    v.rule_version, v.revision, v.computed_at, v.cause, v.cause_detail, v.due
from public.city c
join (
    select w.*, '-' as subject, null::text as site, null::text as site_title, null::text as vertical
    from public.kpi_value w
    where w.site_id is null and w.superseded_at is null
    union all
    select w.*, s.name, s.name, s.title, s.vertical
    from public.kpi_value w
    join public.site s using (site_id)
    where w.superseded_at is null
) v using (city_id)
