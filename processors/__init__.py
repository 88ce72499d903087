"""Observations to series that can be trusted: the second stage of the data flow."""
