-- Somebody begins to read figures.
select pg_advisory_lock_shared(hashtext('pharos figures'))
