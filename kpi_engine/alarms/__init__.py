"""Alarms: raised, acknowledged and cleared by rules that are data, from live readings by their own time."""
