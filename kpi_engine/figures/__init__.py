"""Figures as they are kept: what one says, when it is final, how they are read and thinned."""
