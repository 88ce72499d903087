"""How far a city says it has come, in words, beside what is measured; never a number."""
