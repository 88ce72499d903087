-- What each role may do with the tables as they are now, beyond reading: name by name, so that a table that is not listed
-- here is written by its owner only. Secrets and raw payloads are read by those who need them.
do $$
declare
    known constant text[] := array(select rolname from pg_roles where rolname like 'pharos\_%');
    relation record;
    allowed record;
begin
    if not known @> array['pharos_writer', 'pharos_kpi', 'pharos_api', 'pharos_grafana'] then
        return;
    end if;
    for relation in
        select c.relname as name
        from pg_class as c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
          and not exists (select from pg_depend where objid = c.oid and deptype = 'e')
    loop
        execute format('revoke all on public.%I from pharos_writer, pharos_kpi, pharos_api, pharos_grafana', relation.name);
        execute format('grant select on public.%I to pharos_api', relation.name);
        if relation.name not in ('token', 'session') then
            execute format('grant select on public.%I to pharos_writer', relation.name);
        end if;
        if relation.name not in ('token', 'session', 'quarantine') then
            execute format('grant select on public.%I to pharos_kpi', relation.name);
        end if;
    end loop;
    for allowed in
        select role, privileges, name
        from (values
            -- Master data, readings and their accounts.
            ('pharos_writer', 'insert, update', array['city', 'site', 'device', 'series', 'source', 'meter', 'device_status']),
            ('pharos_writer', 'insert, update', array['observation', 'conflict', 'ledger']),
            ('pharos_writer', 'insert, update, delete', array['untimed_receipt', 'reading_quality', 'charging_session', 'interval_begin']),
            ('pharos_writer', 'insert', array['charging_session_version', 'charging_session_span']),
            ('pharos_writer', 'update', array['meter_version']),
            -- A refused message is kept as it came; what is counted of it, and its words, which expire, change.
            ('pharos_writer', 'insert', array['quarantine']),
            ('pharos_writer', 'update (occurrences, readings, first_received_at, last_received_at)', array['quarantine']),
            ('pharos_writer', 'update (payload, detail, topic, device)', array['quarantine']),
            -- Rollups and what they leave to do.
            ('pharos_writer', 'insert, delete', array['observation_mark']),
            ('pharos_writer', 'insert, update, delete', array['state_duration']),
            ('pharos_writer', 'update, delete', array['rollup']), -- inserted by period
            ('pharos_writer', 'insert', array['rollup_hour', 'rollup_day', 'rollup_month', 'rollup_mark', 'register_contract', 'register_fall']),
            -- Figures and alarms. Whether a clock is wrong is told by when a device was refused last, without any words of it.
            ('pharos_kpi', 'select (city, sender, reason, last_received_at)', array['quarantine']),
            ('pharos_kpi', 'delete', array['rollup_mark']),
            ('pharos_kpi', 'insert', array['factor']),
            ('pharos_kpi', 'insert, update', array['kpi_extent', 'kpi_heard', 'kpi_noted', 'kpi_thinning', 'alarm']),
            ('pharos_kpi', 'insert, delete', array['kpi_recomputation', 'kpi_residual_due', 'alarm_watch']),
            ('pharos_kpi', 'insert, update, delete',
                array['kpi_value', 'kpi_due', 'kpi_day_hours', 'kpi_residual', 'kpi_residual_series']),
            -- People.
            ('pharos_api', 'insert, delete', array['session']),
            ('pharos_api', 'update (last_used_at)', array['token']),
            ('pharos_api', 'update (acknowledged_at, acknowledged_by)', array['alarm'])
        ) as matrix (role, privileges, names)
        cross join lateral unnest(names) as name
        where to_regclass(format('public.%I', name)) is not null
    loop
        execute format('grant %s on public.%I to %I', allowed.privileges, allowed.name, allowed.role);
    end loop;
    if to_regprocedure('drop_observations(timestamptz)') is not null then
        grant execute on function drop_observations(timestamptz) to pharos_writer;
    end if;
    if to_regnamespace('grafana') is not null then
        grant usage on schema grafana to pharos_grafana;
        grant select on all tables in schema grafana to pharos_grafana;
    end if;
end
$$
