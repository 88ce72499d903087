"""Waiting for what other processes and threads bring about."""

import time
from collections.abc import Callable


def until(reached: Callable[[], object], seconds: float = 180.0) -> None:
    """Wait until something is so; the test fails where that takes too long."""
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, f"not reached within {seconds:g} s"
        time.sleep(0.01)
