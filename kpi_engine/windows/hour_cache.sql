-- name: days_remembered
-- The days remembered of given subjects, indicators and spans, by their present definition.
select
    d.kpi, d.city_id, d.site_id,
    (extract(epoch from d.day) * 1000000)::bigint as start_us,
    (extract(epoch from d.day_end) * 1000000)::bigint as end_us,
    d.amount, d.factor, d.estimated
from unnest(
    %(kpis)s::text[], %(cities)s::smallint[], %(sites)s::integer[], %(definitions)s::text[], %(starts)s::timestamptz[],
    %(ends)s::timestamptz[]
) as wanted (kpi, city_id, site_id, definition, start, finish)
join kpi_day_hours d
    on (d.kpi, d.city_id, d.site_id, d.definition) = (wanted.kpi, wanted.city_id, wanted.site_id, wanted.definition)
    and d.day >= wanted.start
    and d.day < wanted.finish

-- name: days_keep
-- Remembers days.
insert into kpi_day_hours (kpi, city_id, site_id, definition, day, day_end, amount, factor, estimated)
select *
from unnest(
    %(kpis)s::text[], %(cities)s::smallint[], %(sites)s::integer[], %(definitions)s::text[], %(starts)s::timestamptz[],
    %(ends)s::timestamptz[], %(amounts)s::bytea[], %(factors)s::bytea[], %(estimated)s::double precision[]
)
on conflict (kpi, city_id, site_id, day) do update
    set definition = excluded.definition, day_end = excluded.day_end, amount = excluded.amount,
        factor = excluded.factor, estimated = excluded.estimated

-- name: days_forget
-- Forgets the days of subjects and indicators that overlap spans in which something changed, whatever their definition.
delete from kpi_day_hours d
using unnest(
    %(kpis)s::text[], %(cities)s::smallint[], %(sites)s::integer[], %(definitions)s::text[], %(starts)s::timestamptz[],
    %(ends)s::timestamptz[]
) as changed (kpi, city_id, site_id, definition, start, finish)
where (d.kpi, d.city_id, d.site_id) = (changed.kpi, changed.city_id, changed.site_id)
    and d.day < changed.finish
    and d.day > changed.start - interval '2 days'
    and d.day_end > changed.start

-- name: days_define
-- Forgets days that belong to definitions which their subjects and indicators have no more.
delete from kpi_day_hours d
where not exists (
    select
    from unnest(%(kpis)s::text[], %(cities)s::smallint[], %(sites)s::integer[], %(definitions)s::text[])
        as held (kpi, city_id, site_id, definition)
    where (d.kpi, d.city_id, d.site_id, d.definition) = (held.kpi, held.city_id, held.site_id, held.definition)
)
