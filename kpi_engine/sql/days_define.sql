-- Forgets days that belong to definitions which their subjects and indicators have no more.
delete from kpi_day_hours d
where not exists (
    select
    from unnest(%(kpis)s::text[], %(cities)s::smallint[], %(sites)s::integer[], %(definitions)s::text[])
        as held (kpi, city_id, site_id, definition)
    where (d.kpi, d.city_id, d.site_id, d.definition) = (held.kpi, held.city_id, held.site_id, held.definition)
)
