-- Nothing is dropped until this transaction ends.
select pg_advisory_xact_lock_shared(hashtext('retention'))
