-- Record a migration in the transaction that applied it.
insert into schema_migration (name, checksum) values (%(name)s, %(checksum)s)
