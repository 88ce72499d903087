-- name: resting
-- Current figures that rest on hours before their own period, where a meter was silent, and some of these hours changed;
-- but for those that are on the agenda as urgently already. `site_id` 0 is the city as a whole.
select asked.number, v.kpi, v.period, (extract(epoch from v.period_start) * 1000000)::bigint as start_us
from unnest(
    %(numbers)s::integer[], %(cities)s::smallint[], %(sites)s::integer[], %(starts)s::timestamptz[],
    %(ends)s::timestamptz[], %(firsts)s::boolean[], %(urgencies)s::smallint[]
) as asked (number, city_id, site_id, start, finish, is_first, urgency)
join kpi_value v
    on v.city_id = asked.city_id
    and coalesce(v.site_id, 0) = asked.site_id
    and v.period_start > asked.start
    and (v.rests_from < asked.finish or asked.is_first and v.rests_on_first)
    and (v.rests_from is not null or v.rests_on_first)
    and v.superseded_at is null
where not exists (
    select from kpi_due d
    where (d.kpi, d.city_id, coalesce(d.site_id, 0), d.period, d.period_start)
        = (v.kpi, v.city_id, coalesce(v.site_id, 0), v.period, v.period_start)
        and d.urgency <= asked.urgency
)
