-- Hand the database to its owner, with TimescaleDB where the server has it; keep everybody else out, and say how the
-- readers' sessions behave.
do $$
begin
    if exists (select from pg_available_extensions where name = 'timescaledb')
       and current_setting('shared_preload_libraries') like '%timescaledb%' then
        create extension if not exists timescaledb;
    end if;
    grant pg_read_all_settings to pharos_owner; -- migrations look at what the server has loaded
    execute format('alter database %I owner to pharos_owner', current_database());
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect, temporary on database %I to pharos_writer, pharos_kpi', current_database());
    execute format('grant connect on database %I to pharos_api, pharos_grafana', current_database());
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
