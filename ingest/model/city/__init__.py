"""The city file: what is declared of a city, its sites and its devices."""
