"""Sparkplug B 3.0: how its payloads are written, and what is known of an edge node between two of them."""
