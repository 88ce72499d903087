"""Figures in the formats of the field, and handing them on to programs of others."""
