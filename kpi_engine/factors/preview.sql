-- name: figures_touched
-- How many current figures of these indicators overlap a time, of a city and its sites, by indicator and period.
select v.kpi, v.period, count(*)
from kpi_value v
join city using (city_id)
where city.name = %(city)s
    and v.kpi = any(%(kpis)s)
    and v.superseded_at is null
    and v.period_start < %(end)s
    and v.period_end > %(start)s
group by v.kpi, v.period
order by v.kpi, array_position(array['day', 'month', 'year'], v.period)
