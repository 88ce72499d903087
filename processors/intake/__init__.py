"""What comes in, step by step: the running stream, a trial and a replay."""
