-- Of what no city file knows, who sent it, so that it can be looked through and taken up. And when each copy of a refused
-- message came that was news, so that it can be taken once more as of then.

alter table quarantine
    add column origin   text,           -- a device by the name that its messages give it, else what its topics have in common
    add column receipts timestamptz[];  -- of copies that were neither delivered again nor retained; null: as first received

create index quarantine_origin on quarantine (source_id, left(origin, 300), last_received_at desc) where origin is not null;
create index quarantine_payload on quarantine (sha256(payload)) where payload is not null;
