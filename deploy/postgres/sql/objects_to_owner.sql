-- Hand everything in the schemas of Pharos to its owner: a database of a former version may have belonged to a superuser.
-- What belongs to an extension stays with it; a sequence of a column, and an index, go with their table.
do $$
declare
    item record;
begin
    for item in
        select format('%I.%I', n.nspname, c.relname) as name
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'grafana') and c.relkind in ('r', 'p', 'v') and c.relowner <> 'pharos_owner'::regrole
          and not exists (select from pg_depend where objid = c.oid and deptype = 'e')
    loop
        execute format('alter table %s owner to pharos_owner', item.name);
    end loop;
    for item in
        select p.oid::regprocedure as name
        from pg_proc p
        where p.pronamespace = 'public'::regnamespace and p.proowner <> 'pharos_owner'::regrole
          and not exists (select from pg_depend where objid = p.oid and deptype = 'e')
    loop
        execute format('alter routine %s owner to pharos_owner', item.name);
    end loop;
    if to_regnamespace('grafana') is not null then
        alter schema grafana owner to pharos_owner;
    end if;
end
$$
