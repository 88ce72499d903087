"""What indicators of one kind share: their inputs, how these are computed, and the common part of their definition."""
