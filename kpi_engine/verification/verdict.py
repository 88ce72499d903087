"""What came of verifying kept figures: counted, and what fails in words."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

MOST_TOLD: Final = 1_000  # failures, and altered stretches, that are kept in memory and told one by one


class FigureVerdict(StrEnum):
    """What came of computing a kept figure again."""

    REPRODUCES = "reproduces"
    DUE = "due"
    INPUTS_ERASED = "inputs erased"
    DIGEST_ONLY = "superseded, its long inputs kept as a digest"
    OTHER_RULES = "other rules"
    NO_DEFINITION = "no definition"
    READINGS_DIFFER = "readings differ"
    INPUTS_DIFFER = "inputs differ"
    VALUE_DIFFERS = "value differs"


STANDS: Final = {
    FigureVerdict.REPRODUCES,
    FigureVerdict.DUE,
    FigureVerdict.INPUTS_ERASED,
    FigureVerdict.DIGEST_ONLY,
}
"""Verdicts that are no failure: it comes out, will be computed again, or says itself why nobody can."""


@dataclass(frozen=True)
class AlteredReading:
    """A reading of an altered stretch that stands out from its neighbours."""

    time: datetime
    value: float


@dataclass(frozen=True)
class Alteration:
    """A stretch of a series whose hours, days or months are kept otherwise than its readings give them.

    ``kept`` and ``given``: of the one that differs most, which begins at ``most_at``, what a register or intervals
    count or the mean of a gauge, in the unit of the series; None where there is none. ``period`` is ``hour`` unless
    only longer rollups are kept otherwise. ``readings`` of the stretch, those that stand out most first.
    """

    city: str
    device: str
    quantity: str
    series_id: int
    period: str
    start: datetime
    end: datetime
    buckets: int
    most_at: datetime
    kept: float | None
    given: float | None
    readings: tuple[AlteredReading, ...]

    def __str__(self) -> str:
        """Return it in words."""
        what = f"{self.quantity} of {self.device}"
        was, now = ("none" if one is None else f"{one:.12g}" for one in (self.kept, self.given))
        if self.period != "hour":
            return f"{what}: the {self.period} from {_time(self.start)} is kept as {was}, its parts come to {now}"
        hours = f"{self.buckets} hours" if self.buckets > 1 else "1 hour"
        out = ", ".join(f"{one.value:.12g} at {_time(one.time)}" for one in self.readings)
        far = f"readings farthest from their neighbours: {out}" if out else "no reading is left in it"
        return (
            f"{what}: {hours} from {_time(self.start)} to {_time(self.end)} differ; that of {_time(self.most_at)} is "
            f"kept as {was}, the readings give {now}; {far}"
        )


@dataclass(frozen=True)
class FailedFigure:
    """A kept figure that does not come out again, what it would be where that can be said, and why."""

    value_id: int
    kpi: str
    city: str
    site: str | None
    group: str | None
    period: str
    label: str
    value: float | None
    computed: float | None
    unit: str
    verdict: FigureVerdict
    why: str

    def __str__(self) -> str:
        """Return it in words."""
        return f"{self.kpi} of {self.site or self.group or self.city}, {self.label}: {self.verdict}: {self.why}"


@dataclass
class StoreVerification:
    """What came of it. Of failures and alterations the first are kept; their number is of all.

    ``hours`` of series were computed again; of ``waiting`` more nothing was, since readings there are not rolled up.
    """

    verdicts: Counter[FigureVerdict] = field(default_factory=Counter)
    failures: list[FailedFigure] = field(default_factory=list)
    alterations: list[Alteration] = field(default_factory=list)
    altered: int = 0
    hours: int = 0
    waiting: int = 0

    @property
    def figures(self) -> int:
        """How many figures were looked at."""
        return self.verdicts.total()

    @property
    def failed(self) -> int:
        """How many of them do not come out again."""
        return sum(count for verdict, count in self.verdicts.items() if verdict not in STANDS)

    @property
    def holds(self) -> bool:
        """Whether nothing was altered, and everything comes out again that can."""
        return not self.failed and not self.altered

    def add(self, verdict: FigureVerdict, failure: FailedFigure | None = None) -> None:
        """Count a figure, and tell of it where it fails."""
        self.verdicts[verdict] += 1
        if failure and len(self.failures) < MOST_TOLD:
            self.failures.append(failure)

    def add_alteration(self, one: Alteration) -> None:
        """Count an altered stretch, and tell of it."""
        self.altered += 1
        if len(self.alterations) < MOST_TOLD:
            self.alterations.append(one)


def _time(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S}Z"
