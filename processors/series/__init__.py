"""Tables of series as columns."""
