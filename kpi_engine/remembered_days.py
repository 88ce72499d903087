"""Days of hours that were read before, forgotten where something changed.

Memory of one engine, lost with it; a figure never depends on what is remembered. A day takes some 600 bytes. Where
there is no room for all, subjects with many meters come first: reading their hours again costs most.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ingest.model.calendar import Period, following
from ingest.model.observation import FloatColumn
from kpi_engine.indicator import Indicator
from kpi_engine.plan import Request
from kpi_engine.subjects import Subject, SubjectId

MANY_METERS: Final = 16  # from that on a subject is always remembered
ROOM: Final = 150_000  # days of all other subjects: a year of 400 of them


@dataclass(frozen=True, slots=True)
class DayHours:
    """The hours of one civil day, or of the part of it in a window, until ``end``; NaN where not known.

    ``amount``: of all meters together, ``estimated`` the part of it that is interpolated; ``factor`` in kg/kWh.
    """

    end: int
    amount: FloatColumn
    factor: FloatColumn
    estimated: float


class RememberedDays:
    """Days by their start, for each subject and indicator that has hours."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._small = 0
        self._days: dict[tuple[SubjectId, str], dict[int, DayHours]] = {}

    def of(self, request: Request) -> Mapping[int, DayHours]:
        """Return what is remembered for a subject and indicator."""
        return self._days.get((request.subject.key, request.indicator.name), {})

    def keep(self, request: Request, days: Mapping[int, DayHours]) -> None:
        """Remember the days of a window that are whole."""
        known = self._days.setdefault((request.subject.key, request.indicator.name), {})
        before, zone = len(known), request.subject.zone
        is_small = len(request.subject.meters_of(request.indicator)) < MANY_METERS
        if not is_small or self._small < self._room:
            known.update((start, day) for start, day in days.items() if day.end == following(start, Period.DAY, zone))
            self._small += len(known) - before if is_small else 0

    def forget(self, subject: Subject, indicator: Indicator[Any], changed: Sequence[tuple[int, int]]) -> None:
        """Forget the days that overlap one of the spans ``changed``, [start, end)."""
        days = self._days.get((subject.key, indicator.name), {})
        touched = [
            begin for begin, day in days.items() if any(begin < end and day.end > start for start, end in changed)
        ]
        for begin in touched:
            del days[begin]
        self._small -= len(touched) if len(subject.meters_of(indicator)) < MANY_METERS else 0

    def clear(self) -> None:
        """Forget everything."""
        self._days.clear()
        self._small = 0
