-- Figures of a first load are computed once it rests. Null: to be computed now.
alter table kpi_due add column not_before timestamptz;

-- What is looked for is what may be computed now.
drop index kpi_due_order;
create index kpi_due_order on kpi_due (urgency, period_start desc, period, city_id, site_id nulls first) where not_before is null;
drop index kpi_due_since;
create index kpi_due_since on kpi_due (since) where not_before is null;
create index kpi_due_not_before on kpi_due (not_before) where not_before is not null;
