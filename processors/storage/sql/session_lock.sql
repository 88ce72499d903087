-- Writers of sessions take turns until their transactions end: two contents of one session must see each other.
select pg_advisory_xact_lock(hashtext('pharos charging_session'))
