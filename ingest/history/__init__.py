"""Files of history: how mappings say what their rows are, and the observations read from them."""
