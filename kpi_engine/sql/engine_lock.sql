-- Becomes the only KPI engine of this database for as long as the session lives; false when there is one already.
select pg_try_advisory_lock(%(key)s)
