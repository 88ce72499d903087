-- Keeps what the definitions of one subject are made of.
update kpi_extent set parts = %(parts)s
where city_id = %(city_id)s and site_id is not distinct from %(site_id)s
