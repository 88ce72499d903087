"""Whether every kept figure comes out again from what it rests on: readings, rollups, master data and rules."""
