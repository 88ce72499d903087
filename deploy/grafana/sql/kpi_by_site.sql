-- The figures of all sites for one period, the newest of the city that is over: the same for all, so that they compare.
select site_title, label, value, coverage, estimated_share, status, reason
from grafana.kpi_value
where city = ${city:sqlstring} and subject <> '-' and kpi = '@kpi@' and period = ${period:sqlstring}
    and closed and time = (
        select max(time)
        from grafana.kpi_value
        where city = ${city:sqlstring} and subject = '-' and kpi = '@kpi@' and period = ${period:sqlstring} and closed
    )
order by value desc nulls last, site_title
