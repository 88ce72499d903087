"""What every figure says, whatever made it and wherever it is kept.

A class that inherits it beside others gets the fields of its last base first: what is told of which, then the value.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class FigureValue:
    """What is known of an amount, in ``unit``.

    ``value`` is None where it can be wrong by too much, and ``reason`` says why; it lies between ``lower`` and
    ``upper``, None where nothing bounds it. ``coverage`` and ``estimated_share`` are shares from 0 to 1.
    """

    value: float | None
    lower: float | None
    upper: float | None
    unit: str
    coverage: float
    estimated_share: float | None
    status: str
    reason: str | None


@dataclass(frozen=True)
class TracedValue(FigureValue):
    """A value with what it rests on: what is known up to ``through``, the factors used, the digest of all inputs."""

    through: datetime
    factors: list[dict[str, Any]]
    inputs_hash: str
    rule_version: str
