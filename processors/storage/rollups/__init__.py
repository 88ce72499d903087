"""Hours, days, months and the windows that they are computed from."""
