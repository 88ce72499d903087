-- name: failure_note
-- Keeps the last failure of each indicator and city.
insert into kpi_failure (kpi, city_id, error)
select kpi, city_id, %(error)s
from unnest(%(kpis)s::text[], %(cities)s::smallint[]) as tried (kpi, city_id)
on conflict (kpi, city_id) do update set failed_at = excluded.failed_at, error = excluded.error
