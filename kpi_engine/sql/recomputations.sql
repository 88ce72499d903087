-- The periods of some cities (null: of every city) that were recomputed since an instant, newest first.
select
    r.recomputation_id, r.kpi, city.name as city, site.name as site, r.period, r.period_start, r.cause, r.changed,
    r.computed_at
from kpi_recomputation r
join city on city.city_id = r.city_id
left join site on site.site_id = r.site_id
where r.computed_at >= %(since)s
    and (%(cities)s::text[] is null or city.name = any(%(cities)s))
order by r.computed_at desc, r.recomputation_id desc
limit %(limit)s
