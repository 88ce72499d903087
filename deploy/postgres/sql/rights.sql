-- What each role may do with the tables as they are now. By name: kpi_*, alarm* and factor are the KPI engine's, token and
-- session are HTTP's, schema_migration is the owner's, and everything else is the processors'.
do $$
declare
    known constant text[] := array(select rolname from pg_roles where rolname like 'pharos\_%');
    relation record;
    writer text;
begin
    if not known @> array['pharos_writer', 'pharos_kpi', 'pharos_api', 'pharos_grafana'] then
        return;
    end if;
    for relation in
        select c.relname as name, c.relname in ('token', 'session') as is_secret
        from pg_class as c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
          and not exists (select from pg_depend where objid = c.oid and deptype = 'e')
    loop
        execute format('revoke all on public.%I from pharos_writer, pharos_kpi, pharos_api, pharos_grafana', relation.name);
        execute format('grant select on public.%I to pharos_api', relation.name);
        if not relation.is_secret then
            execute format('grant select on public.%I to pharos_writer, pharos_kpi', relation.name);
        end if;
        writer := case
            when relation.name = 'schema_migration' then null
            when relation.is_secret then 'pharos_api'
            when relation.name like 'kpi\_%' or relation.name in ('factor', 'alarm', 'alarm_watch') then 'pharos_kpi'
            else 'pharos_writer'
        end;
        if writer is not null then
            execute format('grant insert, update, delete on public.%I to %I', relation.name, writer);
        end if;
    end loop;
    revoke insert, delete on public.token from pharos_api;
    grant update, delete on public.rollup_mark to pharos_kpi;
    if to_regclass('public.alarm') is not null then
        grant update (acknowledged_at, acknowledged_by) on public.alarm to pharos_api;
    end if;
    if to_regprocedure('drop_observations(timestamptz)') is not null then
        grant execute on function drop_observations(timestamptz) to pharos_writer;
    end if;
    if to_regnamespace('grafana') is not null then
        grant usage on schema grafana to pharos_grafana;
        grant select on all tables in schema grafana to pharos_grafana;
    end if;
end
$$
