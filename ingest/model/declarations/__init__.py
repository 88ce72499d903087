"""Files that people write: YAML, what a key must be, and faults told by line."""
