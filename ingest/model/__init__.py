"""The kernel every stage shares: pure data and arithmetic, no I/O, no clock."""
