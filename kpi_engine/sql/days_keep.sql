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
