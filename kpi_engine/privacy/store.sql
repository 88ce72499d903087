-- name: rule_wanted
-- The cities with households as their files were applied up to an instant, with the rule that was made of each last.
select city.name, city.city_id, city.applied_at, rule.applied_at = city.applied_at, rule.digest,
    (now() at time zone city.timezone)::date
from city
join evaluator_city seen using (city_id)
left join evaluator_rule rule using (city_id)
where seen.has_households and city.applied_at <= %(known)s

-- name: rule_keep
-- Keep which city file the rule of a city is of.
insert into evaluator_rule (city_id, applied_at, digest) values (%(city_id)s, %(applied_at)s, %(digest)s)
on conflict (city_id) do update set applied_at = excluded.applied_at, digest = excluded.digest, ruled_at = now()

-- name: rule_clear
-- Forget what the former rule of a city allowed.
with sites as (delete from evaluator_household_site where city_id = %(city_id)s)
delete from evaluator_figure where city_id = %(city_id)s

-- name: rule_site
-- A site whose series are not for evaluators.
insert into evaluator_household_site (city_id, site_id)
select %(city_id)s, site_id from site where city_id = %(city_id)s and name = %(site)s

-- name: rule_figure
-- What of a subject evaluators see on some days.
insert into evaluator_figure (city_id, site_id, first_day, end_day, anytime, months)
values (%(city_id)s, %(site_id)s, %(first)s, %(end)s, %(anytime)s, %(months)s)

-- name: seen_of_city
-- Of whom figures were that evaluators may have seen, as far as months had begun.
select stream, first_day, end_day, until, figure from evaluator_seen where city_id = %(city_id)s

-- name: seen_until
-- Nobody sees by the former rule from now on, and of months that had not begun nobody ever did.
with never as (
    delete from evaluator_seen where city_id = %(city_id)s and until is null and first_day > %(today)s
)
update evaluator_seen set until = %(today)s
where city_id = %(city_id)s and until is null and first_day <= %(today)s

-- name: seen_keep
-- Of whom a figure is that evaluators see from now on.
insert into evaluator_seen (city_id, stream, first_day, end_day, figure)
values (%(city_id)s, %(stream)s, %(first)s, %(end)s, %(figure)s)
