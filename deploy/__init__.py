"""Puts the stages together: command line, embedded stack, settings, city files."""
