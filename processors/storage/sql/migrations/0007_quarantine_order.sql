-- Refused messages in the order in which everybody lists them: the one that came last is the first.
create index on quarantine (last_received_at desc, quarantine_id desc);
