"""The store: what ingest and processors need of a database; SQL stands beside the module that runs it."""
