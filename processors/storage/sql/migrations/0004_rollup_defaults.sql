-- Rollups are copied straight into the partition of their period.

alter table rollup_hour alter column period set default 'hour';
alter table rollup_day alter column period set default 'day';
alter table rollup_month alter column period set default 'month';
