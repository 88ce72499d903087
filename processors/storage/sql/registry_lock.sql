-- One registration at a time: roles that start together do not deadlock on each other's rows.
select pg_advisory_xact_lock(hashtext('registry'))
