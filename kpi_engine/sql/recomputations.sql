-- Figures that were recomputed in a range of time, newest first; what is null is not asked for. `before_time` and
-- `before_id` are where the page before ended.
select
    r.recomputation_id, r.kpi, city.name as city, site.name as site, r.period, r.period_start, r.cause, r.cause_detail,
    r.changed, r.computed_at
from kpi_recomputation r
join city on city.city_id = r.city_id
left join site on site.site_id = r.site_id
where r.computed_at >= %(start)s
    and (%(end)s::timestamptz is null or r.computed_at < %(end)s)
    and (
        %(before_time)s::timestamptz is null
        or r.computed_at <= %(before_time)s
        and (r.computed_at, r.recomputation_id) < (%(before_time)s, %(before_id)s::bigint)
    )
    and (%(cities)s::text[] is null or city.name = any(%(cities)s))
    and (%(site)s::text is null or site.name = %(site)s)
    and (%(kpi)s::text is null or r.kpi = %(kpi)s)
    and (%(period)s::text is null or r.period = %(period)s)
    and (%(cause)s::text is null or r.cause = %(cause)s)
    and (%(changed)s::boolean is null or r.changed = %(changed)s)
    and (%(period_from)s::timestamptz is null or r.period_start >= %(period_from)s)
    and (%(period_to)s::timestamptz is null or r.period_start < %(period_to)s)
order by r.computed_at desc, r.recomputation_id desc
limit %(limit)s
