"""From readings to hours, days and months: the worker and what it asks."""
