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
