-- name: newest_value
-- The number of the last value that has come to light.
select coalesce(max(value_id), 0) from figure

-- name: new_revisions
-- Current revisions of a city that are newer than a mark, in the order in which they became known.
select
    v.value_id, v.kpi, city.name as city, subject.site, subject."group",
    -- include: kpi_engine.figures.store.value_fields
from kpi_value v
join city on city.city_id = v.city_id
left join figure_subject subject on subject.site_id = v.site_id
where v.value_id > %(mark)s
    and v.value_id <= %(newest)s
    and v.superseded_at is null
    and city.name = %(city)s
    and v.kpi = any(%(kpis)s)
    and v.period = any(%(periods)s)
    and (v.site_id is null or subject."group" = any(%(groups)s) or (%(sites)s and subject.site is not null))
order by v.value_id
limit %(limit)s

-- name: mark
-- How far the figures of a city were handed on, by the choice that holds.
select h.through
from figure_handed_on h
join city using (city_id)
where h.channel = %(channel)s and city.name = %(city)s and h.choice = %(choice)s

-- name: mark_move
-- The figures of a city are handed on up to a value.
insert into figure_handed_on (channel, city_id, choice, through)
select %(channel)s, city_id, %(choice)s, %(through)s from city where name = %(city)s
on conflict (channel, city_id)
do update set choice = excluded.choice, through = excluded.through, handed_on_at = now()
