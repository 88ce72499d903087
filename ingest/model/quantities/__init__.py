"""Observed properties: their units, ranges and usual changes."""
