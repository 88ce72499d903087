-- Emission factors with what they rest on.
create view grafana.factor as
select name as factor, version, carrier, region, valid_from, valid_to, value, unit, method, boundary, source, page, verified
from public.factor
