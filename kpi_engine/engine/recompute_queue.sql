-- name: due_add
-- Puts figures on the agenda; of two causes for one figure the more urgent one stands, what moved is told by both: as in
-- kpi_engine/engine/causes.py, Why.joined. A figure that a worker is computing is put there once more: it may have begun
-- before what moved, and nobody waits for its end. Cities and sites apart, because an index finds null only when asked
-- for it. Figures of a first load wait for more of it until `due_release`; `rest` null: not at all.
with reasons as materialized (
    select * from unnest(%(causes)s::text[], %(urgencies)s::smallint[], %(details)s::text[])
        with ordinality as reason (cause, urgency, detail, number)
),
due as materialized (
    select
        (%(kpis)s::text[])[due.kpi] as kpi, (%(coupled)s::boolean[])[due.kpi] as is_coupled, due.city_id::smallint as city_id, nullif(due.site_id, 0)::integer as site_id,
        (%(periods)s::text[])[due.period] as period,
        timestamptz 'epoch' + due.start_us * interval '1 microsecond' as period_start,
        reasons.cause, reasons.urgency, reasons.detail,
        case when reasons.cause = 'first data' then %(since)s + %(rest)s::interval end as rested,
        case
            when timestamptz 'epoch' + due.start_us * interval '1 microsecond' + ('1 ' || (%(periods)s::text[])[due.period])::interval > %(since)s
                then %(longest_open)s::interval
            else %(longest_closed)s::interval
        end as patience
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
        end,
        not_before = case
            when not 'first data' = any(array[d.cause, known.cause])
                or array[d.cause, known.cause] && array['requested', 'new hour', 'period closed'] then null
            when known.rested is null then d.not_before
            else least(known.rested, d.since + known.patience)
        end
    from known
    where d.ctid = known.place
        and (known.urgency < d.urgency or known.cause = 'first data' or known.detail is distinct from d.detail)
)
insert into kpi_due (kpi, city_id, site_id, period, period_start, cause, urgency, detail, since, not_before, shard)
select
    due.kpi, due.city_id, due.site_id, due.period, due.period_start, due.cause, due.urgency, due.detail, %(since)s, due.rested,
    case when due.site_id is null or due.is_coupled then due.city_id %% 32 else 32 + abs(due.site_id) / 8 %% 96 end
from due
where not exists (
    select from known
    where (known.kpi, known.city_id, coalesce(known.site_id, 0), known.period, known.period_start)
        = (due.kpi, due.city_id, coalesce(due.site_id, 0), due.period, due.period_start)
)

-- name: due_take
-- Takes the most urgent figures of shards off the agenda, newest periods first, the figures of one subject and period
-- together, those of a city before those of its sites; what is being noted anew stays for the next time.
with chosen as (
    select ctid
    from kpi_due
    where shard = any(%(shards)s::smallint[]) and not_before is null
    order by urgency, period_start desc, period, city_id, site_id nulls first
    limit %(limit)s
    for update skip locked
)
-- include: kpi_engine.engine.recompute_queue.due_removed

-- name: due_take_these
-- Takes given figures off the agenda, where they are on it; what is being noted anew stays for the next time.
with chosen as materialized (
    select d.ctid
    from (
        select
            (%(kpis)s::text[])[key.kpi] as kpi, key.city_id::smallint as city_id, nullif(key.site_id, 0)::integer as site_id,
            (%(periods)s::text[])[key.period] as period, key.start_us
        from unnest(
            %(kpi)s::bigint[], %(city)s::bigint[], %(site)s::bigint[], %(period)s::bigint[], %(start)s::bigint[]
        ) as key (kpi, city_id, site_id, period, start_us)
    ) as w
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

-- name: due_release
-- Lets figures be computed whose first load rests: they are due from now on. While more comes of their subject, one of
-- which something has come waits for `longer` beyond its rest, another one until the load rests, and none for longer than its
-- patience. What somebody else is at is left for the next time.
with rested as (
    select d.ctid
    from kpi_due d
    where d.not_before <= %(now)s
        and (
            (d.detail is not null and d.not_before <= %(now)s - %(longer)s::interval)
            or d.since <= %(now)s - case
                when d.period_start + ('1 ' || d.period)::interval > %(now)s then %(longest_open)s::interval
                else %(longest_closed)s::interval
            end
            or not exists (
                select from unnest(%(cities)s::smallint[], %(sites)s::integer[]) as loading (city_id, site_id)
                where (loading.city_id, loading.site_id) = (d.city_id, coalesce(d.site_id, 0))
            )
        )
    for update skip locked
)
update kpi_due d set not_before = null, since = %(now)s from rested where d.ctid = rested.ctid

-- name: due_count
-- How many figures are due, and since when the oldest of them is; one that is being computed may count once more.
select count(*), min(since) from kpi_due
