-- One writer at a time decides about readings that are known; taken after the inserts, so that it cannot deadlock.
select pg_advisory_xact_lock(hashtext('conflict'))
