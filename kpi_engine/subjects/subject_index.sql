-- name: roster_version
-- Changes whenever master data, factors or statistics do.
select
    (select count(*) from city), (select max(applied_at) from city), (select max(factor_id) from factor),
    (select max(statistic_id) from statistic), (select max(withdrawn_at) from statistic)

-- name: subject_ids
-- The ids of every city (site and group null), of every site and of every group.
select city.name, null as site, null as "group", city.city_id, null as site_id from city
union all
select city.name, subject.site, subject."group", city.city_id, subject.site_id
from figure_subject subject join city using (city_id)
