"""The HTTP interface and the live events of the console: reads what the engine wrote, computes no KPI."""
