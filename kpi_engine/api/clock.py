"""The time a request is answered at; a test sets its own clock."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from ingest.model.time import to_micros

Clock = Callable[[], int]


def system_clock() -> int:
    """Return the current time in microseconds."""
    return to_micros(datetime.now(UTC))


def _now(request: Request) -> int:
    clock: Clock = request.app.state.clock
    return clock()


Now = Annotated[int, Depends(_now)]
"""Microseconds since 1970 UTC."""
