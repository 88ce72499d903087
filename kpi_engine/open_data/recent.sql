-- name: open_recent
-- Of each open indicator and subject the newest months and years, current ones.
with subjects as (
    select city_id, null::integer as site_id from city where name = %(city)s and %(with_city)s
    union all
    select s.city_id, s.site_id from figure_subject s join city using (city_id)
    where city.name = %(city)s and s."group" = any(%(groups)s)
),
newest as (
    select
        f.value_id,
        k.period,
        row_number() over (partition by f.kind_id, f.site_id order by f.period_start desc) as place
    from subjects
    join figure_kind k on k.kpi = any(%(kpis)s) and k.period in ('month', 'year')
    join figure f on f.kind_id = k.kind_id and f.city_id = subjects.city_id and f.site_id is not distinct from subjects.site_id
    where f.superseded_at is null
)
select
    v.value_id, v.kpi, city.name as city, subject.site, subject."group",
    -- include: kpi_engine.figures.store.value_fields
from newest
join kpi_value v using (value_id)
join city on city.city_id = v.city_id
left join figure_subject subject on subject.site_id = v.site_id
where newest.place <= case newest.period when 'year' then %(years)s else %(months)s end
order by subject."group" nulls first, v.kpi, v.period desc, v.period_start desc

-- name: open_extents
-- Of which time there are open figures of a city, by period.
with subjects as (
    select city_id, null::integer as site_id from city where name = %(city)s and %(with_city)s
    union all
    select s.city_id, s.site_id from figure_subject s join city using (city_id)
    where city.name = %(city)s and s."group" = any(%(groups)s)
)
select
    k.period,
    min(f.period_start) as start,
    max(f.period_start + f.length * interval '1 second') as "end",
    max(f.computed_at) as computed_at
from subjects
join figure_kind k on k.kpi = any(%(kpis)s) and k.period in ('month', 'year')
join figure f on f.kind_id = k.kind_id and f.city_id = subjects.city_id and f.site_id is not distinct from subjects.site_id
where f.superseded_at is null
group by k.period
order by k.period
