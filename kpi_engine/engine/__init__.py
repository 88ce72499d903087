"""From changed hours and passing time to figures: what is due and why, computed and written."""
