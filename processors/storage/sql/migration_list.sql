-- Every applied migration.
select name, checksum, applied_at from schema_migration order by name
