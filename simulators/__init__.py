"""Devices of the verticals, in their vendors' native payloads."""
