-- name: adjustment_add
-- Keep an adjustment of a baseline.
insert into baseline_adjustment (site_id, name, first_day, last_day, amount, author, reason, entered_at)
select subject.site_id, %(name)s, %(first)s, %(last)s, %(amount)s, %(author)s, %(reason)s, %(entered_at)s
from figure_subject subject join city using (city_id) where city.name = %(city)s
    and (subject.site = %(site)s::text or subject."group" = %(group)s::text)
returning adjustment_id

-- name: adjustment_withdraw
-- Withdraw an adjustment that holds.
update baseline_adjustment set withdrawn_at = %(at)s, withdrawn_by = %(author)s, withdrawn_for = %(reason)s
where adjustment_id = %(number)s and withdrawn_at is null

-- name: adjustments_holding
-- The adjustments of a baseline that hold now, or did at an instant.
select adjustment_id, first_day, last_day, amount, author, reason, entered_at, withdrawn_at, withdrawn_by, withdrawn_for
from baseline_adjustment join figure_subject subject using (site_id) join city using (city_id)
where city.name = %(city)s
    and (subject.site = %(site)s::text or subject."group" = %(group)s::text) and baseline_adjustment.name = %(name)s
    and case
        when %(as_of)s::timestamptz is null then withdrawn_at is null
        else entered_at <= %(as_of)s and (withdrawn_at is null or withdrawn_at > %(as_of)s)
    end
order by adjustment_id

-- name: adjustments
-- Every adjustment of a baseline.
select adjustment_id, first_day, last_day, amount, author, reason, entered_at, withdrawn_at, withdrawn_by, withdrawn_for
from baseline_adjustment join figure_subject subject using (site_id) join city using (city_id)
where city.name = %(city)s
    and (subject.site = %(site)s::text or subject."group" = %(group)s::text) and baseline_adjustment.name = %(name)s
order by adjustment_id
