-- name: due_add
-- Puts figures on the agenda; of two causes for one figure the more urgent one stands, what moved is told by both: as in
-- kpi_engine/engine/causes.py, Why.joined.
insert into kpi_due as d (kpi, city_id, site_id, period, period_start, cause, urgency, detail, since)
select
    due.kpi, due.city_id, due.site_id, due.period, timestamptz 'epoch' + due.start_us * interval '1 microsecond',
    due.cause, due.urgency, due.detail, %(since)s
from unnest(
    %(kpis)s::text[], %(cities)s::smallint[], %(sites)s::integer[], %(periods)s::text[], %(starts)s::bigint[],
    %(causes)s::text[], %(urgencies)s::smallint[], %(details)s::text[]
) as due (kpi, city_id, site_id, period, start_us, cause, urgency, detail)
on conflict (kpi, city_id, site_id, period, period_start) do update
    set (cause, urgency) = (
            select stands.cause, stands.urgency
            from (values (d.cause, d.urgency), (excluded.cause, excluded.urgency)) as stands (cause, urgency)
            order by
                array[d.cause, excluded.cause] <@ array['first data', 'late data'] and stands.cause = 'first data' desc,
                stands.urgency
            limit 1
        ),
        detail = case
            when d.detail is null or excluded.detail is null then coalesce(d.detail, excluded.detail)
            when position(excluded.detail in d.detail) > 0 or right(d.detail, length(%(more)s)) = %(more)s then d.detail
            when length(d.detail) + length(excluded.detail) <= %(longest)s then d.detail || '; ' || excluded.detail
            else d.detail || %(more)s
        end
    where excluded.urgency < d.urgency or excluded.cause = 'first data' or excluded.detail is distinct from d.detail

-- name: due_take
-- Takes the most urgent figures off the agenda, newest periods first, the figures of one subject and period together.
with chosen as (
    select ctid
    from kpi_due
    order by urgency, period_start desc, period, city_id, site_id
    limit %(limit)s
)
delete from kpi_due d
using chosen
where d.ctid = chosen.ctid
returning
    d.kpi, d.city_id, d.site_id, d.period, (extract(epoch from d.period_start) * 1000000)::bigint as start_us, d.cause, d.detail

-- name: due_take_these
-- Takes given figures off the agenda, where they are on it.
delete from kpi_due d
using unnest(
    %(kpis)s::text[], %(cities)s::smallint[], %(sites)s::integer[], %(periods)s::text[], %(starts)s::bigint[]
) as w (kpi, city_id, site_id, period, start_us)
where (d.kpi, d.city_id, d.period, d.period_start)
    = (w.kpi, w.city_id, w.period, timestamptz 'epoch' + w.start_us * interval '1 microsecond')
    and (d.site_id = w.site_id or (d.site_id is null and w.site_id is null))
returning
    d.kpi, d.city_id, d.site_id, d.period, (extract(epoch from d.period_start) * 1000000)::bigint as start_us, d.cause, d.detail

-- name: due_count
-- How many figures are due, and since when the oldest of them is.
select count(*), min(since) from kpi_due
