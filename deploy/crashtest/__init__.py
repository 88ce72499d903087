"""The proof that a kill loses nothing and doubles nothing: a schedule of kill -9, and its report."""
