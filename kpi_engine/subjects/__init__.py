"""Whom figures speak of: cities, sites and groups, and what counts for each."""
