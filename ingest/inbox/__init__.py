"""What nobody declared: which format it is in, what it measures, and what a city file would have to say of it."""
