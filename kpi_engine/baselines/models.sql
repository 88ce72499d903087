-- name: baseline_lock
-- Let one fit of a baseline be kept at a time.
select pg_advisory_xact_lock(hashtext('pharos baseline ' || %(id)s))

-- name: baseline_supersede
-- End the model of a baseline that holds.
update baseline_model set superseded_at = %(now)s
from figure_subject subject join city using (city_id)
where city.name = %(city)s
    and (subject.site = %(site)s::text or subject."group" = %(group)s::text) and baseline_model.site_id = subject.site_id
    and baseline_model.name = %(name)s and superseded_at is null

-- name: baseline_add
-- Keep a fit as the model that holds.
insert into baseline_model
    (site_id, name, version, declaration, fitted_part, result, inputs, inputs_hash, code_version, fitted_at)
select subject.site_id, %(name)s, %(version)s, %(declaration)s, %(fitted_part)s, %(result)s, %(inputs)s, %(inputs_hash)s,
    %(code_version)s, %(now)s
from figure_subject subject join city using (city_id) where city.name = %(city)s
    and (subject.site = %(site)s::text or subject."group" = %(group)s::text)

-- name: baseline_model
-- The model of a baseline that holds, that held at an instant, or that has a version.
select model_id, version, declaration, fitted_part, result, inputs, inputs_hash, code_version, fitted_at, superseded_at
from baseline_model join figure_subject subject using (site_id) join city using (city_id)
where city.name = %(city)s
    and (subject.site = %(site)s::text or subject."group" = %(group)s::text) and baseline_model.name = %(name)s
    and case
        when %(version)s::integer is not null then version = %(version)s
        when %(as_of)s::timestamptz is not null
            then fitted_at <= %(as_of)s and (superseded_at is null or superseded_at > %(as_of)s)
        else superseded_at is null
    end
order by version desc
limit 1

-- name: baseline_models_holding
-- The models that hold, of a city or of all, without their days.
select city.name || '.' || coalesce(subject.site, subject."group") || '.' || baseline_model.name as id, model_id, version,
    declaration, fitted_part, result, '{}'::jsonb as inputs, inputs_hash, code_version, fitted_at, superseded_at
from baseline_model join figure_subject subject using (site_id) join city using (city_id)
where superseded_at is null and (%(city)s::text is null or city.name = %(city)s)

-- name: baseline_versions
-- Every fit of a baseline without its days, the oldest first.
select model_id, version, declaration, fitted_part, result, '{}'::jsonb as inputs, inputs_hash, code_version, fitted_at,
    superseded_at
from baseline_model join figure_subject subject using (site_id) join city using (city_id)
where city.name = %(city)s
    and (subject.site = %(site)s::text or subject."group" = %(group)s::text) and baseline_model.name = %(name)s
order by version
