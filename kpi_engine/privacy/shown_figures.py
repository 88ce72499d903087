"""Figures as somebody sees them: without those that are withheld, and without names of households in their words."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol, TypeVar

from ingest.model.calendar import Period
from ingest.model.time import to_micros
from kpi_engine.figures.store import KnownFigure
from kpi_engine.privacy.viewing import ASK_INSTEAD, AskedFigure, Viewing
from kpi_engine.subjects.subject import SubjectName

FORMER: Final = (
    "households are behind it, and what was known of it before differs by what few of them sent later; " + ASK_INSTEAD
)


class _Figure(Protocol):
    """A figure of a civil period."""

    @property
    def city(self) -> str: ...
    @property
    def site(self) -> str | None: ...
    @property
    def group(self) -> str | None: ...
    @property
    def kpi(self) -> str: ...
    @property
    def period(self) -> str: ...
    @property
    def period_start(self) -> datetime: ...
    @property
    def period_end(self) -> datetime: ...


FigureT = TypeVar("FigureT", bound=KnownFigure)


@dataclass
class ShownFigures:
    """Takes what ``viewing`` does not show out of figures, and keeps count and why, the reason of the first."""

    viewing: Viewing
    withheld: int = 0
    why: str | None = field(default=None)

    def of(self, figures: Iterable[FigureT], *, is_former: bool = False) -> list[FigureT]:
        """Return those that are shown; ``is_former``: they are as they were known at an instant."""
        return [self._worded(one) for one in figures if self.shows(one, is_former=is_former)]

    def shows(self, one: _Figure, *, is_former: bool = False) -> bool:
        """Whether a figure is shown."""
        name = SubjectName(one.city, one.site, one.group)
        start, end = to_micros(one.period_start), to_micros(one.period_end)
        why = self.viewing.withheld(AskedFigure(name, one.kpi, Period(one.period), start, end))
        if why is None and is_former and self.viewing.has_households(name, one.kpi):
            why = FORMER
        if why is None:
            return True
        self.withheld += 1
        self.why = self.why or f"{one.kpi} of {name}: {why}"
        return False

    def _worded(self, one: FigureT) -> FigureT:
        if self.viewing.of(one.city) is None:
            return one
        words = self.viewing.words
        return replace(one, reason=words(one.city, one.reason), cause_detail=words(one.city, one.cause_detail))
