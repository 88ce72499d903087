-- Requests that their senders may repeat, by the key that each was given: when it came first, and what it held. A
-- repetition is taken as if it had come then, so that what it says without a time is the same reading again.

create table repeatable_request (
    digest      bytea primary key,  -- of the sender and the key
    content     bytea not null,     -- digest of what was sent where
    received_at timestamptz not null
);
create index on repeatable_request (received_at);
