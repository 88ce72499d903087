"""Baselines and savings: how energy followed the weather before a measure, and what was avoided after it."""
