-- Records which figures were recomputed, why, and whether they changed.
copy kpi_recomputation (kpi, city_id, site_id, period, period_start, cause, cause_detail, changed, computed_at) from stdin
