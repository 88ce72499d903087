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
