-- What a refusal says of a payload expires with it; what stays and what evaluators see is named by our side. And a quota:
-- beyond it, refused messages of a sender are counted in one row for each reason and not kept.

alter table quarantine
    alter column detail drop not null,
    alter column readings type bigint, -- a row that sums up has no bound
    alter column occurrences type bigint,
    add column field      text,                           -- what is at fault, by a name of the city file or the format
    add column sender     text not null default '',       -- the device by its name in the city file; '': none of any file
    add column is_summary boolean not null default false; -- of messages beyond the quota: all their readings

update quarantine q
set sender = q.device
where exists (select from device d join city c using (city_id) where c.name = q.city and d.name = q.device);

-- What expired in a former version left its words behind.
update quarantine
set detail = null,
    topic = case when sender = '' then '' else topic end,
    device = case when sender = '' then null else device end
where payload is null;

create index quarantine_held on quarantine (source_id, sender) where payload is not null;
