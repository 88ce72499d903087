"""What happens to readings, purely: per message (clock, plausibility) and per window (registers, gauges, rollups)."""
