-- Every published factor, in order of publication.
select
    name, version, carrier, region, valid_from, valid_to, value, unit, method, boundary, gwp, source, page, verified
from factor
order by factor_id
