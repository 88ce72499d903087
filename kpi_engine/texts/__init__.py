"""Texts of the console in other languages than English: one catalogue a language, and how it is read."""
