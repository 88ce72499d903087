-- Whoever began to read figures has a snapshot of them.
select pg_advisory_unlock_shared(hashtext('pharos figures'))
