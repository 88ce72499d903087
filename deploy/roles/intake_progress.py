"""What waits at the intake: the age of the oldest message that is delivered and not acknowledged."""

import time
from collections.abc import Callable
from typing import Final

from deploy.progress import Waiting
from deploy.roles.intake import Intake

PATIENCE_SECONDS: Final = 120.0
"""Live messages are acknowledged within a second, and what comes beside a long history within some ten."""


def oldest_message(intake: Callable[[], Intake | None]) -> Waiting:
    """Return the age of the oldest unacknowledged message of the intake there is at the time."""

    def age() -> float | None:
        current = intake()
        since = current.oldest_unacknowledged if current else None
        return None if since is None else time.monotonic() - since

    return Waiting("unacknowledged message", age, PATIENCE_SECONDS)
