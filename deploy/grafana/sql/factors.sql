-- The emission factors that figures can rest on.
select factor, version, carrier, region, valid_from, valid_to, value, unit, boundary, source, page, verified
from grafana.factor
order by factor, valid_from desc
