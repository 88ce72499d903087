-- name: roster_version
-- Changes whenever master data, factors, statistics or baselines do.
select
    (select count(*) from city), (select max(applied_at) from city), (select max(factor_id) from factor),
    (select max(statistic_id) from statistic), (select max(withdrawn_at) from statistic),
    (select max(model_id) from baseline_model),
    (select max(adjustment_id) from baseline_adjustment), (select max(withdrawn_at) from baseline_adjustment)

-- name: fits_held
-- The fit of each baseline that holds, by the digest of what it was fitted to.
select city.name, subject.site, subject."group", baseline_model.name, version, inputs_hash
from baseline_model join figure_subject subject using (site_id) join city using (city_id)
where superseded_at is null

-- name: adjustments_held
-- The adjustments that hold, by baseline, in the order of entering.
select city.name, subject.site, subject."group", baseline_adjustment.name, adjustment_id, first_day, last_day, amount, author, reason,
    entered_at
from baseline_adjustment join figure_subject subject using (site_id) join city using (city_id)
where withdrawn_at is null
order by adjustment_id

-- name: subject_ids
-- The ids of every city (site and group null), of every site and of every group.
select city.name, null as site, null as "group", city.city_id, null as site_id from city
union all
select city.name, subject.site, subject."group", city.city_id, subject.site_id
from figure_subject subject join city using (city_id)
