"""What evaluators see: figures of so many households that none is singled out, and of what is no household's."""
