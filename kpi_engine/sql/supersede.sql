-- Ends the validity of revisions that are replaced.
update kpi_value set superseded_at = %(at)s where value_id = any(%(value_ids)s)
