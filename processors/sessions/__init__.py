"""Charging sessions: assembled, rolled up, replayed."""
