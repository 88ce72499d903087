"""Transports: they deliver raw messages and know no payload."""
