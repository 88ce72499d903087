"""Which limits of figures are exceeded or kept, and which targets are missed: pure.

A limit is exceeded, or kept again, only where the bounds of a figure leave no doubt; in between nothing changes.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from ingest.model.city.figure_limit import FigureLimit, LimitPeriod
from ingest.model.sentences import Sentence
from kpi_engine.targets.verdict import TargetStatus

LIMIT: Final = "figure_limit."
TARGET: Final = "target_missed."
"""What the rules of their alarms begin with; a limit's name, or the indicator of a target, follows."""
TARGET_REMEDY: Final = (
    "The page of the indicator beside last year: which months, and of which sites, differ; then whether figures are "
    "whole."
)


@dataclass(frozen=True)
class LimitedFigure:
    """The newest whole figure of an indicator, with its bounds (None: unbounded)."""

    period_start: datetime
    value: float | None
    lower: float | None
    upper: float | None
    unit: str


@dataclass(frozen=True)
class Finding:
    """What is to be alarmed; ``value`` and ``threshold`` in ``unit``."""

    value: float
    threshold: float
    unit: str
    detail: str


ABOVE: Final = Sentence("{indicator} of {period} is {amount}, above {limit} whatever its bounds")
BELOW: Final = Sentence("{indicator} of {period} is {amount}, below {limit} whatever its bounds")


def exceeded(limit: FigureLimit, figure: LimitedFigure | None) -> bool | None:
    """Return whether a figure is beyond a limit for certain, or within it again for certain; None: neither is."""
    if figure is None or figure.value is None:
        return None
    sign = 1.0 if limit.above is not None else -1.0
    nearest, farthest = (figure.lower, figure.upper) if sign > 0 else (figure.upper, figure.lower)
    if nearest is not None and sign * nearest > sign * limit.limit:
        return True
    clear = limit.limit if limit.clear is None else limit.clear
    return False if farthest is not None and sign * farthest <= sign * clear else None


def finding(limit: FigureLimit, figure: LimitedFigure, zone: str) -> Finding:
    """Return what is said of a figure that exceeds a limit."""
    assert figure.value is not None  # noqa: S101 - it exceeds
    written = {LimitPeriod.DAY: "%Y-%m-%d", LimitPeriod.MONTH: "%Y-%m", LimitPeriod.YEAR: "%Y"}[limit.period]
    when = figure.period_start.astimezone(ZoneInfo(zone)).strftime(written)
    unit = "" if figure.unit == "1" else f" {figure.unit}"
    side = ABOVE if limit.above is not None else BELOW
    amount = f"{figure.value:.6g}{unit}"
    detail = side.of(indicator=limit.indicator, period=when, amount=amount, limit=f"{limit.limit:g}")
    return Finding(figure.value, limit.limit, figure.unit, detail)


def missed(status: TargetStatus | None) -> bool | None:
    """Return whether a target is missed for certain, or is on track for certain; None: neither is."""
    return {TargetStatus.OFF_TRACK: True, TargetStatus.ON_TRACK: False}.get(status) if status else None
