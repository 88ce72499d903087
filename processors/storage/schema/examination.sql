-- name: examination
-- What a start needs to know of the server: TimescaleDB installed, available and loaded, its licence, whether this role
-- may make tables here, may see and change the observations, may have the extension created.
select
    (select extversion from pg_extension where extname = 'timescaledb'),
    exists (select from pg_available_extensions where name = 'timescaledb'),
    current_setting('timescaledb.license', true),
    has_schema_privilege('public', 'create'),
    has_table_privilege(to_regclass('observation'), 'select, insert, update'),
    current_user::text
