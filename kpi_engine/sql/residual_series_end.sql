-- Removes residual series of which the topology knows nothing any more, with all their values.
with ended as (
    delete from kpi_residual_series where series_id = any(%(series)s)
),
forgotten as (
    delete from kpi_residual_due where series_id = any(%(series)s)
)
delete from kpi_residual where series_id = any(%(series)s)
