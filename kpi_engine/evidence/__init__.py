"""What is known of amounts and how surely: entries of meters with their bounds, and how they add up. Pure."""
