-- name: viewed_city
-- What evaluators see of one city.
select seen.has_households, seen.is_ruled, city.timezone,
    array(
        select site.name from evaluator_household_site of_household join site using (site_id)
        where of_household.city_id = city.city_id
    )
from city join evaluator_city seen using (city_id)
where city.name = %(city)s

-- name: viewed_figures
-- Of each subject of a city, on which days which indicators are shown at any time, and which by the month.
select subject.site, subject."group", allowed.first_day, allowed.end_day, allowed.anytime, allowed.months
from evaluator_figure allowed
join city using (city_id)
left join figure_subject subject on subject.site_id = allowed.site_id and subject.city_id = allowed.city_id
where city.name = %(city)s
