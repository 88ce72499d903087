"""How figures lie in the store: names as numbers, and in batches what many figures say alike."""
