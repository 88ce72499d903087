"""Charging sessions in the database."""
