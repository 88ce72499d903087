-- Emission factors with what they rest on.
create view grafana.factor as
select name as factor, version, carrier, region, valid_from, valid_to, value, unit, method,
    boundary, boundary_note, view, gwp, calorific_basis, year, source, page, verified
from public.factor
