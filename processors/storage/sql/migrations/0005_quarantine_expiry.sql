-- Raw payloads of refused messages expire: the row and its counts stay, so that the ledger can be checked for ever.

alter table quarantine alter column payload drop not null;
create index on quarantine (last_received_at) where payload is not null;
