"""Dated, sourced emission factors: one YAML file per published factor, and their place in the database."""
