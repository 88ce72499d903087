-- The inputs of one value, as they were stored with it.
select inputs from kpi_value where value_id = %(value_id)s
