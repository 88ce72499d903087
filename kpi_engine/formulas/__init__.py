"""Arithmetic that indicators share: pure functions of numbers and their bounds, each with its source."""
