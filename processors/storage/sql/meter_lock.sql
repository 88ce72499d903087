-- One writer at a time says which meter came when: what it marks depends on the others.
select pg_advisory_xact_lock(hashtext('pharos meter'))
