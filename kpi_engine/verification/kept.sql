-- name: figures_kept
-- How many figures are kept of a city, of which cities, and what they span.
select count(*), min(v.period_start), max(v.through)
from kpi_value v
left join figure_subject subject on subject.site_id = v.site_id
where v.city_id = (select c.city_id from city c where c.name = %(city)s)
    -- include: kpi_engine.verification.kept.chosen

-- part: chosen
-- What was chosen of the figures of a city; what is null does not matter.
and (v.superseded_at is null or %(revisions)s)
and (%(kpis)s::text[] is null or v.kpi = any(%(kpis)s))
and (%(site)s::text is null or subject.site = %(site)s)
and (%(group)s::text is null or subject."group" = %(group)s)
and (%(period)s::text is null or v.period = %(period)s)
and (%(start)s::timestamptz is null or v.period_end > %(start)s)
and (%(end)s::timestamptz is null or v.period_start < %(end)s)

-- name: figures_after
-- The next figures of a city, in the order in which they were written.
select
    v.value_id, v.kpi, city.name as city, subject.site, subject."group", v.period, v.period_start, v.period_end, v.value,
    v.lower, v.upper, v.unit, v.coverage, v.estimated_share, v.status, v.reason, v.through, v.factors, v.inputs_hash, v.rule_version,
    v.code_version, v.revision, v.computed_at, v.superseded_at,
    v.cause, v.cause_detail, v.due
from kpi_value v
join city on city.city_id = v.city_id
left join figure_subject subject on subject.site_id = v.site_id
where city.name = %(city)s
    and v.value_id > %(after)s
    -- include: kpi_engine.verification.kept.chosen
order by v.value_id
limit %(limit)s

-- name: plans_as_usual
-- Lets this transaction plan as others do; whoever rolls up keeps its session to look-ups.
set local enable_hashjoin = on; set local enable_mergejoin = on

-- name: hours_unnoted
-- Hours of series that changed and that nobody has noted as due yet.
select series_id, min(from_time), max(to_time) from rollup_mark group by series_id
