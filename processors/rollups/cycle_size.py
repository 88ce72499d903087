"""How much one cycle of the rollup worker takes on: what a machine does in seconds, however busy it is.

What is live waits for the cycle that is under way, and whoever watches takes one of a minute for one that hangs.
"""

from typing import Final

MARKS: Final = 20_000
MOST_HOURS: Final = 200_000  # of marks: so much work is committed at once
LEAST_HOURS: Final = 6_250  # a cycle costs by series too, so smaller ones would get less done
LONG_SECONDS: Final = 10.0
SHORT_SECONDS: Final = 2.5


class CycleSize:
    """The limits of the next cycle: ``marks``, and the ``hours`` of series that are expected of them."""

    def __init__(self) -> None:
        self.marks = MARKS
        self.hours = MOST_HOURS

    def adapt(self, seconds: float) -> None:
        """Take half as much after a cycle that took long, and twice as much after a short one, within limits."""
        if seconds > LONG_SECONDS:
            self.hours = max(LEAST_HOURS, self.hours // 2)
        elif seconds < SHORT_SECONDS:
            self.hours = min(MOST_HOURS, self.hours * 2)
