-- name: api_factors
-- Every emission factor ever imported, by name, validity and version.
select factor_id, name, version, carrier, region, valid_from, valid_to, value, unit, method, boundary,
    boundary_note, view, gwp, calorific_basis, year, source, page, verified
from factor
order by name, valid_from, version
