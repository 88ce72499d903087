-- Takes the most urgent figures off the agenda, newest periods first, the figures of one subject and period together.
with chosen as (
    select ctid
    from kpi_due
    order by urgency, period_start desc, period, city_id, site_id
    limit %(limit)s
)
delete from kpi_due d
using chosen
where d.ctid = chosen.ctid
returning
    d.kpi, d.city_id, d.site_id, d.period, (extract(epoch from d.period_start) * 1000000)::bigint as start_us, d.cause, d.detail
