-- Current figures of cities, groups and sites. With households behind them: those that the rule of the city shows, of months
-- and years that have ended. What is said beside a figure is left out, since it may name meters of households.
create view evaluator.kpi_value as
select
    v.value_id, c.name as city, c.title as city_title,
    coalesce(o.site, o."group", '-') as subject, o.site, o."group" as site_group,
    v.kpi, v.period, v.period_start as time, v.period_end as time_end,
    to_char(
        v.period_start at time zone c.timezone,
        case v.period when 'year' then 'YYYY' when 'month' then 'YYYY-MM' else 'YYYY-MM-DD' end
    ) as label,
    v.value, v.lower, v.upper, v.unit, v.coverage, v.estimated_share, v.status, v.through,
    v.through >= v.period_end as closed,
    (
        select string_agg(coalesce((f ->> 'name') || ' ' || (f ->> 'version'), f ->> 'series'), ', ')
        from jsonb_array_elements(v.factors) f
    ) as factors,
    v.rule_version, v.revision, v.computed_at, v.inputs_hash, v.due
from public.kpi_value v
join public.city c using (city_id)
join public.evaluator_city e using (city_id)
left join public.figure_subject o on o.site_id = v.site_id
cross join lateral (
    select
        count(*) > 0 and bool_and(v.kpi = any(f.anytime)) as anytime,
        count(*) > 0 and bool_and(v.kpi = any(f.anytime) or v.kpi = any(f.months)) as months
    from public.evaluator_figure f
    where e.has_households and f.city_id = v.city_id and f.site_id = coalesce(v.site_id, 0)
        and f.first_day < (v.period_end at time zone c.timezone)::date
        and f.end_day > (v.period_start at time zone c.timezone)::date
) shown
where v.superseded_at is null
    and (v.site_id is null or o.site_id is not null)
    and (
        not e.has_households
        or e.is_ruled and (shown.anytime or shown.months and v.period in ('month', 'year') and v.period_end <= now())
    )
