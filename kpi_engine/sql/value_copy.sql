-- Writes new revisions of figures.
copy kpi_value (
    kpi, city_id, site_id, period, period_start, period_end, value, lower, upper, unit, coverage, estimated_share, status, reason,
    through, factors, inputs, inputs_hash, rule_version, rests_from, rests_on_first, code_version, revision, computed_at, cause, cause_detail
) from stdin
