"""Days of hours that were read before, kept beside the figures and forgotten where something changed.

They live in the database, so that they take no memory and a restart finds them: a late reading costs one day of a
year. A figure never depends on what is remembered. What is remembered belongs to the definition of its subject and
indicator; that of another one is not found.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from ingest.model.calendar import Period, floor, following
from ingest.model.observation import FloatColumn
from ingest.model.spans import Span
from ingest.model.time import from_micros
from kpi_engine.subjects.subject import SubjectId
from kpi_engine.windows.plan import Request
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_HOURS: Final = np.dtype("<f8")
_RULES: Final = "1"  # changes whenever the same rollups may give other hours
WHOLE_CITY: Final = 0  # in place of the site


@dataclass(frozen=True, slots=True)
class DayHours:
    """The hours of one civil day, or of the part of it in a window; NaN where not known.

    ``amount``: of all meters together, ``estimated`` the part of it that is interpolated; ``factor`` in kg/kWh.
    """

    amount: FloatColumn
    factor: FloatColumn
    estimated: float


Key = tuple[SubjectId, str]
Days = dict[Span, DayHours]
Known = Mapping[Key, Days]
"""Days by their span [start, end), for each subject and indicator that has hours."""
Changed = Mapping[Key, Sequence[Span]]
"""Spans [start, end) in which something changed, for each subject and indicator that has hours."""


def key_of(request: Request) -> Key:
    """Return whose days a request needs."""
    return request.subject.key, request.indicator.name


@dataclass
class RememberedDays:
    """The days remembered in a database; every method works in the caller's transaction.

    ``definitions`` say of each subject by indicator what decides its figures but readings.
    """

    connection: Connection
    definitions: Mapping[SubjectId, Mapping[str, str]] = field(default_factory=dict)
    _changed: Changed = field(default_factory=dict)
    _found: dict[Key, Days] = field(default_factory=dict)

    def begin(self, changed: Changed) -> None:
        """Begin a step, which does not take what changed and nobody has forgotten yet."""
        self._changed, self._found = changed, {}

    def of(self, requests: Sequence[Request]) -> Known:
        """Return what is remembered of the windows of ``requests``, or was found in this step."""
        spans: dict[Key, Span] = {}
        for request in requests:
            key = key_of(request)
            start, end = spans.get(key, (request.start, request.end))
            spans[key] = min(start, request.start), max(end, request.end)
        parameters = self._keys(spans) | _columns(spans.values())
        found: dict[Key, Days] = {}
        for kpi, city, site, start, end, amount, factor, estimated in self._execute(SQL["days_remembered"], parameters):
            key, span = ((city, site or None), kpi), (start, end)
            if not _is_changed(key, span, self._changed):
                day = DayHours(np.frombuffer(amount, _HOURS), np.frombuffer(factor, _HOURS), estimated)
                found.setdefault(key, {})[span] = day
        for key in spans.keys() & self._found.keys():
            found.setdefault(key, {}).update(self._found[key])
        return found

    def add(self, requests: Sequence[Request], found: Known) -> None:
        """Take up what was found, to be remembered where it is a whole day."""
        zones = {key_of(request): request.subject.zone for request in requests}
        for key, days in found.items():
            whole = {span: day for span, day in days.items() if _is_day(span, zones[key])}
            self._found.setdefault(key, {}).update(whole)

    def keep(self, changed: Changed) -> None:
        """Remember what was found, but for what ``changed`` since the step began."""
        rows = [
            (key, span, day)
            for key, days in self._found.items()
            for span, day in days.items()
            if not _is_changed(key, span, changed)
        ]
        self._found = {}
        if rows:
            parameters = self._keys([key for key, *_ in rows]) | _columns([span for _, span, _ in rows])
            parameters["amounts"] = [day.amount.astype(_HOURS).tobytes() for *_, day in rows]
            parameters["factors"] = [day.factor.astype(_HOURS).tobytes() for *_, day in rows]
            parameters["estimated"] = [day.estimated for *_, day in rows]
            self._execute(SQL["days_keep"], parameters)

    def forget(self, changed: Changed) -> None:
        """Forget the days of subjects and indicators that overlap spans [start, end) in which something changed."""
        rows = list({(*key, span) for key, spans in changed.items() for span in spans})
        if rows:
            keys = [(key, kpi) for key, kpi, _ in rows]
            self._execute(SQL["days_forget"], self._keys(keys) | _columns([span for *_, span in rows]))

    def define(self, definitions: Mapping[SubjectId, Mapping[str, str]]) -> None:
        """Take up definitions, and forget what belongs to others."""
        self.definitions = definitions
        self._execute(
            SQL["days_define"], self._keys([(one, kpi) for one, every in definitions.items() for kpi in every])
        )

    def _keys(self, keys: Iterable[Key]) -> dict[str, Any]:
        every = list(keys)
        return {
            "kpis": [kpi for _, kpi in every],
            "cities": [city for (city, _), _ in every],
            "sites": [site or WHOLE_CITY for (_, site), _ in every],
            "definitions": [_RULES + self.definitions.get(subject, {}).get(kpi, "") for subject, kpi in every],
        }

    def _execute(self, statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        cursor = self.connection.execute(statement, parameters, binary=True)
        return cursor.fetchall() if cursor.description else []


def _columns(spans: Iterable[Span]) -> dict[str, Any]:
    every = list(spans)
    return {name: [from_micros(span[side]) for span in every] for side, name in enumerate(("starts", "ends"))}


def _is_changed(key: Key, span: Span, changed: Changed) -> bool:
    return any(first < span[1] and span[0] < last for first, last in changed.get(key, ()))


def _is_day(span: Span, zone: str) -> bool:
    return floor(span[0], Period.DAY, zone) == span[0] and following(span[0], Period.DAY, zone) == span[1]
