-- Every indicator of the chosen subject, for its newest period that is over.
select distinct on (kpi) kpi, label, value, lower, upper, unit, coverage, estimated_share, status, factors, revision, computed_at, reason
from grafana.kpi_value
where city = ${city:sqlstring} and subject = ${site:sqlstring} and period = ${period:sqlstring} and closed
order by kpi, time desc
