-- Remember that the policy was applied; nothing to return where it had been before.
insert into storage_policy (name) values ('columnstore') on conflict do nothing returning name
