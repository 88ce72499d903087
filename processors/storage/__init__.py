"""The store: implements what ingest and processors need of a database, in SQL kept in .sql files."""
