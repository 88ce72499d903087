"""What differs between two answers about the same figures, and why: two instants, two reports, two methods."""
