-- name: targets_declared
-- The targets of cities, and of one site or group or all of them, as their city files declare them.
select c.name as city, c.timezone, null::text as site, null::text as "group", declared.document as target
from city c
cross join lateral jsonb_array_elements(c.document -> 'targets') as declared (document)
where (%(cities)s::text[] is null or c.name = any(%(cities)s)) and %(site)s::text is null and %(group)s::text is null
union all
select c.name, c.timezone, site.document ->> 'name', null, declared.document
from city c
cross join lateral jsonb_array_elements(c.document -> 'sites') as site (document)
cross join lateral jsonb_array_elements(site.document -> 'targets') as declared (document)
where (%(cities)s::text[] is null or c.name = any(%(cities)s))
    and (%(site)s::text is null or site.document ->> 'name' = %(site)s) and %(group)s::text is null
union all
select c.name, c.timezone, null, held.document ->> 'name', declared.document
from city c
cross join lateral jsonb_array_elements(c.document -> 'groups') as held (document)
cross join lateral jsonb_array_elements(held.document -> 'targets') as declared (document)
where (%(cities)s::text[] is null or c.name = any(%(cities)s))
    and (%(group)s::text is null or held.document ->> 'name' = %(group)s) and %(site)s::text is null

-- part: target_subjects
-- Targets by their places, each with its city, and its site or group where it is of one.
select w.number, w.kpi, c.city_id, s.site_id, w.site is null as is_city, w.since
from unnest(%(kpis)s::text[], %(cities)s::text[], %(sites)s::text[], %(since)s::timestamptz[])
    with ordinality as w (kpi, city, site, since, number)
join city c on c.name = w.city
left join figure_subject s on s.city_id = c.city_id and coalesce(s.site, s."group") = w.site

-- name: target_figures
-- Figures of years and months since the baseline year of each target, current or as known at an instant; cities and sites
-- apart, because an index finds null only when asked for it.
with wanted as (
    -- include: kpi_engine.targets.store.target_subjects
),
found as (
    select w.number, v.*
    from wanted w
    join kpi_value v on v.kpi = w.kpi and v.city_id = w.city_id and v.site_id is null
    where w.is_city and v.period in ('year', 'month') and v.period_start >= w.since and case
        when %(as_of)s::timestamptz is null then v.superseded_at is null
        else v.computed_at <= %(as_of)s and (v.superseded_at is null or v.superseded_at > %(as_of)s)
    end
    union all
    select w.number, v.*
    from wanted w
    join kpi_value v on v.kpi = w.kpi and v.city_id = w.city_id and v.site_id = w.site_id
    where not w.is_city and v.period in ('year', 'month') and v.period_start >= w.since and case
        when %(as_of)s::timestamptz is null then v.superseded_at is null
        else v.computed_at <= %(as_of)s and (v.superseded_at is null or v.superseded_at > %(as_of)s)
    end
)
select
    f.number, f.value_id, f.period, f.period_start, f.value, f.lower, f.upper, f.through >= f.period_end as is_whole,
    f.reason, f.due and %(as_of)s::timestamptz is null as due
from found f

-- name: target_revisions
-- By how much figures of months were revised after the month had ended, since an instant, and why; by what was known at
-- another instant, where one is given.
with wanted as (
    -- include: kpi_engine.targets.store.target_subjects
),
whole as (
    select w.number, v.*
    from wanted w
    join kpi_value v on v.kpi = w.kpi and v.city_id = w.city_id and v.site_id is null
    where w.is_city and v.period = 'month' and v.period_start >= w.since and v.through >= v.period_end
        and (%(as_of)s::timestamptz is null or v.computed_at <= %(as_of)s)
    union all
    select w.number, v.*
    from wanted w
    join kpi_value v on v.kpi = w.kpi and v.city_id = w.city_id and v.site_id = w.site_id
    where not w.is_city and v.period = 'month' and v.period_start >= w.since and v.through >= v.period_end
        and (%(as_of)s::timestamptz is null or v.computed_at <= %(as_of)s)
),
steps as (
    select number, period_start, value as after, cause, cause_detail as detail,
        lag(value) over (partition by number, period_start order by revision) as before
    from whole
)
select number, period_start, before, after, cause, detail
from steps
where before <> after and cause is not null
