-- part: value_fields
-- What a figure is, beside its indicator and its subject, of `kpi_value v`.
v.period, v.period_start, v.period_end, v.value, v.lower, v.upper, v.unit, v.coverage, v.estimated_share, v.status, v.reason,
v.through, v.factors, v.inputs_hash, v.rule_version, v.code_version, v.revision, v.computed_at, v.superseded_at,
v.cause, v.cause_detail, v.due

-- name: values
-- Values of one indicator and subject for the periods that start in a range, current or as known at an instant.
select
    v.value_id, v.kpi, city.name as city, city.timezone as zone, subject.site, subject."group",
    -- include: kpi_engine.figures.store.value_fields
from kpi_value v
join city on city.city_id = v.city_id
left join figure_subject subject on subject.site_id = v.site_id
where v.kind_id = (select k.kind_id from figure_kind k where k.kpi = %(kpi)s and k.period = %(period)s)
    and v.city_id = (select c.city_id from city c where c.name = %(city)s)
    and (
        v.site_id = (
            select s.site_id
            from figure_subject s
            join city c using (city_id)
            where c.name = %(city)s and (s.site = %(site)s or s."group" = %(group)s)
        )
        or (%(site)s::text is null and %(group)s::text is null and v.site_id is null)
    )
    and v.period_start >= %(start)s
    and v.period_start < %(end)s
    and case
        when %(as_of)s::timestamptz is null then v.superseded_at is null
        else v.computed_at <= %(as_of)s and (v.superseded_at is null or v.superseded_at > %(as_of)s)
    end
order by v.period_start

-- name: values_of_sites
-- Values of one indicator and period for every site of a city that has one, current or as known at an instant.
select
    v.value_id, v.kpi, city.name as city, city.timezone as zone, site.name as site, null as "group",
    -- include: kpi_engine.figures.store.value_fields
from kpi_value v
join city on city.city_id = v.city_id
join site on site.site_id = v.site_id
where v.kind_id = (select k.kind_id from figure_kind k where k.kpi = %(kpi)s and k.period = %(period)s)
    and v.city_id = (select c.city_id from city c where c.name = %(city)s)
    and v.period_start = %(start)s
    and case
        when %(as_of)s::timestamptz is null then v.superseded_at is null
        else v.computed_at <= %(as_of)s and (v.superseded_at is null or v.superseded_at > %(as_of)s)
    end
order by site.name

-- name: revisions
-- All revisions of the figures that some values belong to, figure by figure and oldest first: the current one and those
-- before are found by other indexes, and so are those of cities and of sites.
with asked as (
    select distinct kind_id, city_id, site_id, period_start from figure where value_id = any(%(value_ids)s::bigint[])
),
found as (
    select f.value_id from asked join figure f using (kind_id, city_id, site_id, period_start)
    where f.superseded_at is null
    union all
    select f.value_id from asked join figure f using (kind_id, city_id, site_id, period_start)
    where f.superseded_at is not null
    union all
    select f.value_id from asked join figure f using (kind_id, city_id, period_start)
    where asked.site_id is null and f.site_id is null and f.superseded_at is null
    union all
    select f.value_id from asked join figure f using (kind_id, city_id, period_start)
    where asked.site_id is null and f.site_id is null and f.superseded_at is not null
)
select
    v.value_id, v.kpi, city.name as city, city.timezone as zone, subject.site, subject."group",
    -- include: kpi_engine.figures.store.value_fields
from found
join kpi_value v using (value_id)
join city on city.city_id = v.city_id
left join figure_subject subject on subject.site_id = v.site_id
order by v.kpi, v.city_id, v.site_id, v.period_start, v.revision

-- name: inputs
-- The batch that has the inputs of one value, and their place in it.
select b.inputs, f.place from figure f join figure_batch b using (batch_id) where f.value_id = %(value_id)s

-- name: inputs_of
-- The batches that have the inputs of some values, each once, with these values and their places in it.
select b.inputs, array_agg(f.value_id), array_agg(f.place::integer)
from unnest(%(value_ids)s::bigint[]) as asked (value_id)
join figure f using (value_id)
join figure_batch b using (batch_id)
group by b.batch_id, b.inputs

-- name: inputs_document
-- Inputs with their keys in the order that answers have.
select %(inputs)s::jsonb

-- name: recomputations
-- Figures that were recomputed in a range of time, newest first; what is null is not asked for. `before_time` and
-- `before_id` are where the page before ended.
select
    r.recomputation_id, r.kpi, city.name as city, subject.site, subject."group", r.period, r.period_start, r.cause, r.cause_detail,
    r.changed, r.computed_at
from kpi_recomputation r
join city on city.city_id = r.city_id
left join figure_subject subject on subject.site_id = r.site_id
where r.computed_at >= %(start)s
    and (%(end)s::timestamptz is null or r.computed_at < %(end)s)
    and (
        %(before_time)s::timestamptz is null
        or r.computed_at <= %(before_time)s
        and (r.computed_at, r.recomputation_id) < (%(before_time)s, %(before_id)s::bigint)
    )
    and (%(cities)s::text[] is null or city.name = any(%(cities)s))
    and (%(site)s::text is null or subject.site = %(site)s)
    and (%(group)s::text is null or subject."group" = %(group)s)
    and (%(kpi)s::text is null or r.kpi = %(kpi)s)
    and (%(period)s::text is null or r.period = %(period)s)
    and (%(cause)s::text is null or r.cause = %(cause)s)
    and (%(changed)s::boolean is null or r.changed = %(changed)s)
    and (%(period_from)s::timestamptz is null or r.period_start >= %(period_from)s)
    and (%(period_to)s::timestamptz is null or r.period_start < %(period_to)s)
order by r.computed_at desc, r.recomputation_id desc
limit %(limit)s
