"""Targets: whether figures go where a city says they are to go."""
