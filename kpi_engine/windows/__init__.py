"""What is read for figures: planned, loaded from rollups for many at once, and put together as windows."""
