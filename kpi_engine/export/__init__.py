"""Figures and series taken home: tidy tables, made a portion at a time, in formats that other programs open."""
