-- From when on nothing has been thinned yet; null where there is nothing to thin.
select (extract(epoch from coalesce(
    (select through from kpi_thinning),
    least(
        (
            select min(superseded_at) from kpi_value
            where superseded_at is not null and status <> 'final' and through < period_end
        ),
        (select min(computed_at) from kpi_recomputation)
    )
)) * 1000000)::bigint
