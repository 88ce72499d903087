-- name: factor_insert
-- Publish one factor; another process may have done so at the same time.
insert into factor
    (name, version, carrier, region, valid_from, valid_to, value, unit, method, boundary, boundary_note, view, gwp,
    calorific_basis, year, source, page, verified)
values (
    %(name)s, %(version)s, %(carrier)s, %(region)s, %(valid_from)s, %(valid_to)s, %(value)s, %(unit)s, %(method)s,
    %(boundary)s, %(boundary_note)s, %(view)s, %(gwp)s, %(calorific_basis)s, %(year)s, %(source)s, %(page)s, %(verified)s
)
on conflict do nothing

-- name: factors
-- Every published factor, in order of publication.
select
    name, version, carrier, region, valid_from, valid_to, value, unit, method, boundary, boundary_note, view, gwp,
    calorific_basis, year, source, page, verified
from factor
order by factor_id
