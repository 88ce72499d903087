-- Of one period, the figures of a city are taken off the agenda before those of its sites: what a city's figure takes of
-- its sites is taken along then, and computed once.
drop index kpi_due_urgency_period_start_period_city_id_site_id_idx;
create index kpi_due_order on kpi_due (urgency, period_start desc, period, city_id, site_id nulls first);
