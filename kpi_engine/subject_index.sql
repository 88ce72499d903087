-- name: roster_version
-- Changes whenever master data, factors or statistics do.
select
    (select count(*) from city), (select max(applied_at) from city), (select max(factor_id) from factor),
    (select max(statistic_id) from statistic), (select max(withdrawn_at) from statistic)

-- name: subject_ids
-- The ids of every city (site null) and of every site.
select city.name, null as site, city.city_id, null as site_id from city
union all
select city.name, site.name, city.city_id, site.site_id from site join city using (city_id)
