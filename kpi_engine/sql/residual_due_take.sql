-- Takes the newest hours that are due and over, at most so many rows.
with chosen as (
    select ctid
    from kpi_residual_due
    where from_time < %(through)s
    order by to_time desc
    limit %(limit)s
)
delete from kpi_residual_due d
using chosen
where d.ctid = chosen.ctid
returning
    d.series_id,
    (extract(epoch from d.from_time) * 1000000)::bigint as start_us,
    (extract(epoch from d.to_time) * 1000000)::bigint as end_us
