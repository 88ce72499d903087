"""How a quantity may change from one reading to the next: what a reading is judged by beside its neighbours.

Three tests. *Outlier*: the Hampel identifier (Hampel 1974; Davies and Gather 1993), a reading further from the median
of its neighbours than so many of their scaled median absolute deviations. *Rate*: a step faster than the quantity can
change. *Stuck*: the same value for longer than the quantity can rest. A departure of at most ``tolerance`` is none,
whatever its neighbours do. Numbers are in the unit that the series sends, and canonical in ``ChangeLimits``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import inf
from typing import Annotated, Final

from pydantic import Field

from ingest.model.alarm import Unmoved
from ingest.model.alarm_limits import AlarmLimits
from ingest.model.alarm_rules import ALARM_RULES
from ingest.model.declarations.declaration import Declaration, Duration
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.quantities.usual_change import OF_INTERVALS
from ingest.model.reading import ReadingKind
from ingest.model.time import HOUR, MICROSECOND

RULES: Final = 1  # raise it when the steps judge differently: everything that is judged is computed again
NEIGHBOURS: Final = 3  # on each side: a window of seven finds up to three bad readings in a row
DEVIATIONS: Final = 6.0  # twice the customary three: to leave out a true reading is worse than to keep a bad one
REPEATS: Final = 24  # intervals: whole degrees stand for hours, so a dozen equal readings of an hour are no proof
CHECKED_KINDS: Final = frozenset({ReadingKind.GAUGE, ReadingKind.INTERVAL})

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Judgement(StrEnum):
    """What a reading may be judged to be."""

    OUTLIER = "outlier"
    RATE = "rate"
    STUCK = "stuck"


class PlausibleChange(Declaration):
    """What differs from the usual at one series; None: as is usual for the quantity, which may be: never judged.

    ``never``: judgements that are not made. ``stuck_after``: unless given, what the stuck alarm of the device says.
    """

    tolerance: Positive | None = None
    deviations: Positive | None = None
    neighbours: Annotated[int, Field(ge=1, le=10)] | None = None
    max_per_hour: Positive | None = None
    stuck_after: Duration | None = None
    never: tuple[Judgement, ...] = ()


@dataclass(frozen=True)
class ChangeLimits:
    """What one series is judged by, in its canonical unit; infinite, and 0 for ``stuck_after``: not judged by it.

    ``stuck_after`` is in microseconds.
    """

    neighbours: int = NEIGHBOURS
    deviations: float = DEVIATIONS
    outlier_from: float = inf
    rate_from: float = inf
    max_per_hour: float = inf
    stuck_after: int = 0

    @property
    def is_checked(self) -> bool:
        """Whether there is anything to judge by."""
        return self != UNCHECKED

    def stored(self) -> dict[str, object] | None:
        """Return what decides judgements as the database keeps it, with the version of the rules; None: none."""
        if not self.is_checked:
            return None
        numbers = {name: None if value == inf else value for name, value in vars(self).items()}
        return {"rules": RULES, **numbers}


UNCHECKED: Final = ChangeLimits()

_STUCK: Final = {
    rule.measure.quantity: rule for rule in ALARM_RULES.values() if isinstance(rule.measure, Unmoved)
}  # what may never rest, by the rules of the alarms: both call the same sensors stuck


@dataclass(frozen=True)
class CheckedSeries:
    """A series that may be judged: ``scale`` from its unit to the canonical one, ``limits`` of its site and device."""

    quantity: str
    kind: ReadingKind
    scale: float
    interval: int
    limits: Sequence[Mapping[str, AlarmLimits]]

    def by(self, declared: PlausibleChange) -> ChangeLimits:
        """Return what it is judged by, where ``declared`` differs from what is usual."""
        if self.kind not in CHECKED_KINDS:
            return UNCHECKED
        usual = QUANTITIES[self.quantity].usual if self.kind is ReadingKind.GAUGE else OF_INTERVALS
        tolerance = self._canonical(declared.tolerance, usual.tolerance)
        rate = self._canonical(declared.max_per_hour, usual.max_per_hour)
        is_outlier, is_rate = (one not in declared.never for one in (Judgement.OUTLIER, Judgement.RATE))
        return ChangeLimits(
            neighbours=declared.neighbours or NEIGHBOURS,
            deviations=declared.deviations or DEVIATIONS,
            outlier_from=tolerance if is_outlier else inf,
            rate_from=(0.0 if tolerance == inf else tolerance) if is_rate and rate < inf else inf,
            max_per_hour=rate if is_rate else inf,
            stuck_after=0 if Judgement.STUCK in declared.never else self._stuck_after(declared.stuck_after),
        )

    def _canonical(self, declared: float | None, usual: float | None) -> float:
        if declared is not None:
            return declared * self.scale
        return inf if usual is None else usual

    def _stuck_after(self, declared: timedelta | None) -> int:
        """Return after how long it is stuck: as declared, else as its alarm says; 0 where it may rest."""
        if declared is not None:
            return max(declared // MICROSECOND, REPEATS * self.interval)
        rule = _STUCK.get(self.quantity)
        if rule is None or self.kind is not ReadingKind.GAUGE:
            return 0
        for limits in (each[rule.name] for each in self.limits if rule.name in each):
            if not limits.enabled:
                return 0
            rule = limits.over(rule)
        return max(round(rule.raised.threshold * HOUR), REPEATS * self.interval)
