-- name: archive_server
-- Which server, database and user this is, and how large a file of its log is, in bytes.
select
    current_setting('server_version'),
    current_database()::text,
    current_user::text,
    (select setting::bigint from pg_settings where name = 'wal_segment_size')
