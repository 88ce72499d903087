"""Bytes to observations: the first stage of the data flow."""
