-- Make a role that can log in and nothing else, unless it exists; the name is a setting, since DO takes no parameters.
do $$
begin
    if not exists (select from pg_roles where rolname = current_setting('pharos.role')) then
        execute format('create role %I login', current_setting('pharos.role'));
    end if;
end
$$
