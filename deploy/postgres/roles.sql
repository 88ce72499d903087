-- name: role_ensure
-- Make a role that can log in and nothing else, unless it exists; the name is a setting, since DO takes no parameters.
do $$
begin
    if not exists (select from pg_roles where rolname = current_setting('pharos.role')) then
        execute format('create role %I login', current_setting('pharos.role'));
    end if;
end
$$

-- name: evaluators_ensure
-- Make the role whose members read what evaluators may; nobody logs in as it.
do $$
begin
    if not exists (select from pg_roles where rolname = 'pharos_evaluator') then
        create role pharos_evaluator nologin;
    end if;
end
$$

-- name: database_to_owner
-- Hand the database to its owner, with TimescaleDB where the server has it; keep everybody else out, and say how the
-- readers' sessions behave.
do $$
begin
    if exists (select from pg_available_extensions where name = 'timescaledb')
       and current_setting('shared_preload_libraries') like '%timescaledb%' then
        create extension if not exists timescaledb;
    end if;
    grant pg_read_all_settings to pharos_owner; -- migrations look at what the server has loaded
    alter role pharos_owner replication; -- base backups and the archive of the log: copies of what is its own anyway
    execute format('alter database %I owner to pharos_owner', current_database());
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect, temporary on database %I to pharos_writer, pharos_kpi', current_database());
    execute format('grant connect on database %I to pharos_api, pharos_grafana, pharos_evaluator', current_database());
    alter schema public owner to pharos_owner;
    revoke all on schema public from public;
    grant usage on schema public to pharos_writer, pharos_kpi, pharos_api;
    alter role pharos_writer set lock_timeout = '20s';
    alter role pharos_writer set statement_timeout = '10min';
    alter role pharos_writer set idle_in_transaction_session_timeout = '15min';
    alter role pharos_kpi set lock_timeout = '20s';
    alter role pharos_kpi set statement_timeout = '10min';
    alter role pharos_kpi set idle_in_transaction_session_timeout = '15min';
    alter role pharos_api set lock_timeout = '5s';
    alter role pharos_api set statement_timeout = '60s';
    alter role pharos_api set idle_in_transaction_session_timeout = '60s';
    alter role pharos_grafana set default_transaction_read_only = on;
    alter role pharos_grafana set statement_timeout = '30s';
    alter role pharos_grafana set lock_timeout = '5s';
    alter role pharos_grafana set idle_in_transaction_session_timeout = '60s';
    alter role pharos_grafana set search_path = grafana;
    alter role pharos_grafana connection limit 20;
end
$$

-- name: objects_to_owner
-- Hand everything in the schemas of Pharos to its owner: a database of a former version may have belonged to a superuser.
-- What belongs to an extension stays with it; a sequence of a column, and an index, go with their table.
do $$
declare
    item record;
begin
    for item in
        select format('%I.%I', n.nspname, c.relname) as name
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'grafana', 'evaluator') and c.relkind in ('r', 'p', 'v') and c.relowner <> 'pharos_owner'::regrole
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
    if to_regnamespace('evaluator') is not null then
        alter schema evaluator owner to pharos_owner;
    end if;
end
$$

-- name: rights
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
            ('pharos_writer', 'insert, update', array['city', 'site', 'site_group', 'device', 'series', 'source', 'meter', 'device_status', 'edge_node']),
            ('pharos_writer', 'insert, update', array['observation', 'conflict', 'ledger', 'pull_progress']),
            ('pharos_writer', 'insert, update, delete', array['repeated_readings', 'untimed_receipt', 'reading_quality', 'charging_session', 'interval_begin']),
            ('pharos_writer', 'insert, delete', array['repeatable_request']),
            ('pharos_writer', 'insert', array['charging_session_version', 'charging_session_span']),
            ('pharos_writer', 'update', array['meter_version']),
            -- A refused message is kept as it came; what is counted of it, and its words, which expire, change. It goes
            -- when it is taken once more, or where there is no room and it is counted.
            ('pharos_writer', 'insert, delete', array['quarantine']),
            ('pharos_writer', 'update (occurrences, readings, first_received_at, last_received_at)', array['quarantine']),
            ('pharos_writer', 'update (payload, detail, topic, device, city, origin, receipts)', array['quarantine']),
            ('pharos_writer', 'update', array['quarantine_replay']),
            ('pharos_api', 'insert', array['quarantine_replay']),
            -- Who is at work.
            ('pharos_writer', 'insert, update, delete', array['at_work']),
            ('pharos_kpi', 'insert, update, delete', array['at_work']),
            ('pharos_api', 'insert, update, delete', array['at_work']),
            -- Rollups and what they leave to do.
            ('pharos_writer', 'insert, delete', array['observation_mark']),
            ('pharos_writer', 'insert, update, delete', array['state_duration']),
            ('pharos_writer', 'update, delete', array['rollup_row']), -- inserted by period
            ('pharos_writer', 'insert, update, delete', array['rollup_block']),
            ('pharos_writer', 'insert', array['rollup_hour', 'rollup_day', 'rollup_month', 'rollup_mark', 'register_contract', 'register_fall']),
            -- Figures and alarms. Whether a clock is wrong is told by when a device was refused last, without any words of it.
            ('pharos_kpi', 'select (city, sender, reason, last_received_at)', array['quarantine']),
            ('pharos_kpi', 'delete', array['rollup_mark']),
            ('pharos_kpi', 'insert', array['factor', 'figure_edition', 'figure_kind']),
            ('pharos_kpi', 'insert, update', array['kpi_extent', 'kpi_failure', 'kpi_heard', 'kpi_noted', 'kpi_thinning', 'alarm', 'alarm_member', 'alarm_notification', 'figure_handed_on']),
            ('pharos_kpi', 'insert, update, delete', array['alarm_receiver']),
            ('pharos_kpi', 'insert, update', array['alarm_trial_result']),
            ('pharos_kpi', 'update, delete', array['alarm_trial']),
            ('pharos_kpi', 'insert, delete',
                array['figure_batch', 'figure_log', 'figure_text', 'kpi_note', 'kpi_residual_due', 'kpi_rested', 'alarm_watch']),
            ('pharos_kpi', 'insert, update, delete',
                array['figure', 'kpi_due', 'kpi_group_day', 'kpi_residual', 'kpi_residual_series']),
            ('pharos_kpi', 'insert, update, delete',
                array['evaluator_rule', 'evaluator_household_site', 'evaluator_figure', 'evaluator_seen']),
            -- People.
            ('pharos_api', 'insert, delete', array['session']),
            ('pharos_api', 'insert, update (last_used_at, revoked_at)', array['token']),
            ('pharos_api', 'update (acknowledged_at, acknowledged_by)', array['alarm']),
            ('pharos_api', 'insert', array['alarm_note', 'alarm_trial']),
            ('pharos_api', 'insert, update', array['alarm_shelf'])
        ) as matrix (role, privileges, names)
        cross join lateral unnest(names) as name
        where to_regclass(format('public.%I', name)) is not null
    loop
        execute format('grant %s on public.%I to %I', allowed.privileges, allowed.name, allowed.role);
    end loop;
    for allowed in
        select name::regprocedure as name
        from (values
            ('drop_observations(timestamptz)'),
            ('pack_observations(integer[], timestamptz, interval, integer, integer)'),
            ('unpack_observations(integer[], timestamptz[])'),
            ('shrink_observations(timestamptz, timestamptz)')
        ) as routine (name)
        where to_regprocedure(name) is not null
    loop
        execute format('grant execute on function %s to pharos_writer', allowed.name);
    end loop;
    if to_regnamespace('grafana') is not null then
        grant usage on schema grafana to pharos_grafana;
        grant select on all tables in schema grafana to pharos_grafana;
    end if;
    if to_regnamespace('evaluator') is not null and known @> array['pharos_evaluator'] then
        grant usage on schema evaluator to pharos_evaluator;
        grant select on all tables in schema evaluator to pharos_evaluator;
    end if;
end
$$
