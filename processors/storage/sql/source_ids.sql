-- The ids of one source in several cities.
select city, source_id from source where name = %(name)s and city = any(%(cities)s)
