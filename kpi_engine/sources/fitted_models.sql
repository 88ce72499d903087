-- name: fitted_model
-- One fit of a baseline, with its days.
select model_id, version, declaration, fitted_part, result, inputs, inputs_hash, code_version, fitted_at, superseded_at
from baseline_model join figure_subject subject using (site_id) join city using (city_id)
where (city.name, baseline_model.name, version) = (%(city)s, %(name)s, %(version)s)
    and (subject.site = %(site)s::text or subject."group" = %(group)s::text)
