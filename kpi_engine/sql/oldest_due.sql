-- For how many seconds the figure that has waited longest has been due.
select extract(epoch from clock_timestamp() - min(since))::float8 from kpi_due
