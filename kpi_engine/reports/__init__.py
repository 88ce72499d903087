"""Reports that prove themselves: figures frozen with all they were computed from, signed, checked by anyone."""
