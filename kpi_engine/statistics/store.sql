-- name: statistics
-- Values as known now or at an instant, those given last first; what is null is not asked for. One that was withdrawn
-- later than that instant is not withdrawn. Without `every_one`, only those that hold: of the values for the same days the
-- one with the latest revision. `before` is the number where the page before ended.
with known as (
    select *, coalesce(withdrawn_at <= coalesce(%(as_of)s::timestamptz, 'infinity'), false) as is_withdrawn
    from statistic
    where (%(statistic)s::text is null or name = %(statistic)s)
        and (%(as_of)s::timestamptz is null or known_at <= %(as_of)s)
), ranked as (
    select *, not is_withdrawn and 1 = row_number() over (
        partition by city_id, site_id, name, valid_from, valid_to, is_withdrawn order by revision desc nulls last
    ) as holds
    from known
)
select
    r.statistic_id as number, r.name as statistic, city.name as city, site.name as site, r.valid_from, r.valid_to, r.value,
    r.lower, r.upper, r.unit, r.calorific_basis, r.source, r.page, r.revision, r.note, r.holds, r.known_at,
    case when is_withdrawn then r.withdrawn_at end as withdrawn_at,
    case when is_withdrawn then r.withdrawn_by end as withdrawn_by,
    case when is_withdrawn then r.withdrawn_for end as withdrawn_for
from ranked r
join city on city.city_id = r.city_id
left join site on site.site_id = r.site_id
where (%(cities)s::text[] is null or city.name = any(%(cities)s))
    and (%(site)s::text is null or site.name = %(site)s)
    and (%(every_one)s or r.holds)
    and (%(before)s::bigint is null or r.statistic_id < %(before)s)
order by r.statistic_id desc
limit %(limit)s

-- name: statistic_add
-- Keep a value that somebody gave.
insert into statistic (
    name, city_id, site_id, valid_from, valid_to, value, lower, upper, unit, calorific_basis, revision, source, page, note,
    known_at
)
select
    %(statistic)s, city.city_id, site.site_id, %(valid_from)s, %(valid_to)s, %(value)s, %(lower)s, %(upper)s, %(unit)s,
    %(calorific_basis)s, %(revision)s, %(source)s, %(page)s, %(note)s, %(known_at)s
from city
left join site on site.city_id = city.city_id and site.name = %(site)s
where city.name = %(city)s

-- name: statistic_withdraw
-- Withdraw a value, unless it is withdrawn already.
update statistic set withdrawn_at = %(at)s, withdrawn_by = %(author)s, withdrawn_for = %(reason)s
where statistic_id = %(number)s and withdrawn_at is null
