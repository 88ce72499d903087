"""Entities of FIWARE, by whichever interface: what their attributes are, when they were true, in which unit."""
