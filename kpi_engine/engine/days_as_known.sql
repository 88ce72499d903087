-- name: months_known
-- How far each month of an indicator of a subject was known at an instant.
select v.period_start, max(v.through)
from kpi_value v
where v.kind_id = (select k.kind_id from figure_kind k where k.kpi = %(kpi)s and k.period = 'month')
    and v.city_id = %(city_id)s
    and v.site_id is not distinct from %(site_id)s
    and v.computed_at <= %(as_of)s
group by v.period_start

-- name: changed_from
-- From when on something of these months changed since that instant, or may have: what was recomputed, what is due, and
-- hours that nobody noted yet. That an hour passed or a period ended changes nothing of what was before. Microseconds, 0 for all that ever was; null: nothing.
select (extract(epoch from least(
    (
        select min(one.period_start)
        from figure_log l
        join figure_text cause on cause.text_id = l.cause_id
        cross join lateral unnest(l.kinds, l.sites, l.starts, l.details) as one (kind_id, site_id, period_start, detail_id)
        where l.computed_at > %(as_of)s
            and l.city_id = %(city_id)s
            and one.kind_id = (select k.kind_id from figure_kind k where k.kpi = %(kpi)s and k.period = 'month')
            and one.site_id is not distinct from %(site_id)s
            and (cause.text not in ('new hour', 'period closed') or one.detail_id is not null)
    ),
    (
        select min(d.period_start)
        from kpi_due d
        where d.kpi = %(kpi)s
            and d.city_id = %(city_id)s
            and d.site_id is not distinct from %(site_id)s
            and d.period = 'month'
            and (d.cause not in ('new hour', 'period closed') or d.detail is not null)
    ),
    (
        select coalesce(lower(u.spans), 'epoch') from kpi_unnoted u where u.city_id = %(city_id)s and not isempty(u.spans)
    )
)) * 1000000)::bigint
