-- Changes whenever master data or factors do.
select (select count(*) from city), (select max(applied_at) from city), (select max(factor_id) from factor)
