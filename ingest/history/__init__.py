"""Files of history: mappings, rows and the observations that they hold."""
