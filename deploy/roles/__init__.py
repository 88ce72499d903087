"""The roles: processes that run for ever, and what they share."""
