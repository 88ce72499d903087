-- What the definitions of one subject were made of when its figures were last put on the agenda; null: not kept yet.
select parts from kpi_extent where city_id = %(city_id)s and site_id is not distinct from %(site_id)s
