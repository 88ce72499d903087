-- name: due_add
-- Puts figures on the agenda; of two causes for one figure the more urgent one stands, what moved is told by both: as in
-- kpi_engine/engine/causes.py, Why.joined. A figure that a worker is computing is put there once more: it may have begun
-- before what moved, and nobody waits for its end. Cities and sites apart, because an index finds null only when asked
-- for it.
with reasons as materialized (
    select * from unnest(%(causes)s::text[], %(urgencies)s::smallint[], %(details)s::text[])
        with ordinality as reason (cause, urgency, detail, number)
),
due as materialized (
    select
        (%(kpis)s::text[])[due.kpi] as kpi, (%(coupled)s::boolean[])[due.kpi] as is_coupled, due.city_id::smallint as city_id, nullif(due.site_id, 0)::integer as site_id,
        (%(periods)s::text[])[due.period] as period,
        timestamptz 'epoch' + due.start_us * interval '1 microsecond' as period_start,
        reasons.cause, reasons.urgency, reasons.detail
    from unnest(
        %(kpi)s::bigint[], %(city)s::bigint[], %(site)s::bigint[], %(period)s::bigint[], %(start)s::bigint[], %(reason)s::bigint[]
    ) as due (kpi, city_id, site_id, period, start_us, reason)
    join reasons on reasons.number = due.reason
),
known_of_sites as materialized (
    select d.ctid as place, due.*
    from due
    join kpi_due d
        on (d.kpi, d.city_id, d.site_id, d.period, d.period_start)
            = (due.kpi, due.city_id, due.site_id, due.period, due.period_start)
    for update of d skip locked
),
known_of_cities as materialized (
    select d.ctid as place, due.*
    from due
    join kpi_due d
        on (d.kpi, d.city_id, d.period, d.period_start) = (due.kpi, due.city_id, due.period, due.period_start)
        and d.site_id is null
    where due.site_id is null
    for update of d skip locked
),
known as materialized (
    select * from known_of_sites
    union all
    select * from known_of_cities
),
moved as (
    update kpi_due d
    set (cause, urgency) = (
            select stands.cause, stands.urgency
            from (values (d.cause, d.urgency), (known.cause, known.urgency)) as stands (cause, urgency)
            order by
                array[d.cause, known.cause] <@ array['first data', 'late data'] and stands.cause = 'first data' desc,
                stands.urgency
            limit 1
        ),
        detail = case
            when d.detail is null or known.detail is null then coalesce(d.detail, known.detail)
            when position(known.detail in d.detail) > 0 or right(d.detail, length(%(more)s)) = %(more)s then d.detail
            when length(d.detail) + length(known.detail) <= %(longest)s then d.detail || '; ' || known.detail
            else d.detail || %(more)s
        end
    from known
    where d.ctid = known.place
        and (known.urgency < d.urgency or known.cause = 'first data' or known.detail is distinct from d.detail)
)
insert into kpi_due (kpi, city_id, site_id, period, period_start, cause, urgency, detail, since, shard)
select
    due.kpi, due.city_id, due.site_id, due.period, due.period_start, due.cause, due.urgency, due.detail, %(since)s,
    case when due.site_id is null or due.is_coupled then due.city_id %% 32 else 32 + abs(due.site_id) / 8 %% 96 end
from due
where not exists (
    select from known
    where (known.kpi, known.city_id, coalesce(known.site_id, 0), known.period, known.period_start)
        = (due.kpi, due.city_id, coalesce(due.site_id, 0), due.period, due.period_start)
)

-- name: due_take
-- Takes the most urgent figures of shards off the agenda, newest periods first, the figures of one subject and period
-- together; what is being noted anew stays for the next time.
with chosen as (
    select ctid
    from kpi_due
    where shard = any(%(shards)s::smallint[])
    order by urgency, period_start desc, period, city_id, site_id
    limit %(limit)s
    for update skip locked
)
-- include: kpi_engine.engine.recompute_queue.due_removed

-- name: due_take_these
-- Takes given figures off the agenda, where they are on it; what is being noted anew stays for the next time.
with chosen as materialized (
    select d.ctid
    from unnest(
        %(kpis)s::text[], %(cities)s::smallint[], %(sites)s::integer[], %(periods)s::text[], %(starts)s::bigint[]
    ) as w (kpi, city_id, site_id, period, start_us)
    join kpi_due d
        on (d.kpi, d.city_id, d.period, d.period_start)
            = (w.kpi, w.city_id, w.period, timestamptz 'epoch' + w.start_us * interval '1 microsecond')
        and (d.site_id = w.site_id or (d.site_id is null and w.site_id is null))
    for update of d skip locked
)
-- include: kpi_engine.engine.recompute_queue.due_removed

-- part: due_removed
-- Removes the chosen figures, and returns them.
delete from kpi_due d
using chosen
where d.ctid = chosen.ctid
returning
    d.kpi, d.city_id, d.site_id, d.period, (extract(epoch from d.period_start) * 1000000)::bigint as start_us, d.cause,
    d.detail, d.since

-- name: due_count
-- How many figures are due, and since when the oldest of them is; one that is being computed may count once more.
select count(*), min(since) from kpi_due
