"""Readings, what was refused, and the account of both."""
