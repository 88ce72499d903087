-- How many figures are due, and since when the oldest of them is.
select count(*), min(since) from kpi_due
