-- The role of the dashboards reads these views and nothing else; where there is no such role, nobody is granted anything.
do $$
begin
    if exists (select from pg_roles where rolname = 'pharos_grafana') then
        grant usage on schema grafana to pharos_grafana;
        grant select on all tables in schema grafana to pharos_grafana;
    end if;
end
$$
