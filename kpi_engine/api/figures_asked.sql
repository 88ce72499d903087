-- name: api_figures_version
-- The number of the last record of figures that were computed; null while anything is due, or may be.
select max(first_id) from figure_log
where not exists (select from kpi_due) and not exists (select from rollup_mark)
