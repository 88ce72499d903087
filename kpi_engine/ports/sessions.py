"""Charging sessions: those that begin in a window at the points of a subject, with their energy and its bounds.

Points send records of sessions, or their readings tell of them. Which of them was whose is not told: sessions have no
order in time, and no point, once they are in a table.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from ingest.model.calendar import Period, floor
from ingest.model.catalogue import Series, plug_of
from ingest.model.city.assets import Fact
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.reading import ReadingKind
from ingest.model.session import ENERGY, SESSION_QUANTITIES
from ingest.model.time import SECOND
from kpi_engine.boundary.final_energy import CHARGERS
from kpi_engine.formulas.bucket_cover import tiles
from kpi_engine.formulas.charging_sessions import SessionsOf
from kpi_engine.formulas.session_columns import StoredSessions, charges
from kpi_engine.indicator import Selection, SiteFactNeed
from kpi_engine.ports.facts import fact_spans
from kpi_engine.ports.port import Found, Port, Reads
from kpi_engine.ports.stored_keys import RollupKey, SessionKey, StateKey
from processors.steps.columns import Floats, Ints

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.model.city.assets import Device
    from kpi_engine.ports.port import PortScope

_EVER: Final = (0, 2**52)  # the years 1970 to 2112
RATED_POWER: Final = SiteFactNeed("rated_power", "kW")


class ChargingPoint(NamedTuple):
    """A point in [valid_from, valid_to): the series that tells when its sessions are known, and its declared power.

    ``rated``: since when its power [kW] is what, NaN where none is declared.
    """

    device: str
    site: str
    series_id: int
    quantity: str
    kind: ReadingKind
    valid_from: int
    valid_to: int
    rated: tuple[tuple[int, float], ...]

    def clip(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of [start, end) in which it stands; empty where it ends before it begins."""
        return max(start, self.valid_from), min(end, self.valid_to)


@dataclass(frozen=True)
class SessionTable:
    """The sessions that began in a window at ``points``; ``running``: how many go on, which are left out.

    While the period goes on, a session without an end is none yet; once it is over, its energy is not known.
    """

    sessions: SessionsOf
    points: tuple[str, ...] = ()
    running: int = 0


def no_sessions(points: tuple[str, ...] = (), known: float = 0.0, seconds: float = 0.0) -> SessionTable:
    """Return a table without sessions, of points whose time is known for so long."""
    return SessionTable(SessionsOf(charges(StoredSessions.none(), np.empty(0)), known, seconds), points)


@dataclass(frozen=True)
class Sessions(Port[SessionTable]):
    """The sessions of a subject's charging points, or of what stands for several of them."""

    @property
    def reads(self) -> tuple[Selection, ...]:
        """Return the charging points that count energy, by a register beside their plug or by records of sessions."""
        return (Selection((ENERGY,), device_types=CHARGERS, only_reporting=True),)

    def bind(self, scope: "PortScope") -> "BoundSessions":
        """Return the points of a subject."""
        here = {device.site for device in scope.devices}
        rated = {site: _steps(scope.topology.sites[site].facts, scope.zone) for site in here}
        found = (
            ChargingPoint(
                one.name, one.site, series.series_id, series.quantity, series.kind, *span, rated[one.site],
            )
            for one in sorted(scope.devices, key=lambda one: one.name)
            if (series := _telling(one, scope.series[one.name])) is not None
            for span in scope.spans(one)
        )  # fmt: skip
        return BoundSessions(tuple(found), scope.zone)


def _steps(facts: "Sequence[Fact]", zone: str) -> tuple[tuple[int, float], ...]:
    own = [fact for fact in facts if fact.name == RATED_POWER.name]
    spans = fact_spans("its site", "its site", own, _EVER, RATED_POWER, zone)
    return tuple((span.start, nan if span.value is None else span.value) for span in spans)


def _telling(device: "Device", series: "Mapping[str, Series]") -> Series | None:
    """Return what tells of the sessions of a device: its plug, or what is made of records; None where nothing does."""
    if device.type not in CHARGERS:
        return None
    if plug := plug_of(series):
        return series[plug.quantity]
    made = (series[quantity] for quantity in SESSION_QUANTITIES if quantity in series)
    return next((one for one in made if one.kind is ReadingKind.SESSION), None)


@dataclass(frozen=True)
class BoundSessions(Reads[SessionTable]):
    """The charging points of a subject."""

    points: tuple[ChargingPoint, ...]
    zone: str

    @property
    def series(self) -> frozenset[int]:
        """The series that tell of the sessions; the hour in which one began is marked where it changed."""
        return frozenset(one.series_id for one in self.points)

    @property
    def lacks(self) -> bool:
        """Whether no point tells of sessions."""
        return not self.points

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield each point with its series, the time in which it stands, and its power."""
        yield from ((f"city file: device {one.device}", one) for one in self.points)

    def keys(self, start: int, end: int) -> Iterable[Hashable]:
        """Return the sessions of each point, and the buckets that tell how much of its time is known."""
        for one, first, last in self._standing(start, end):
            yield SessionKey(one.series_id, first, last)
            yield from self._known_by(one, first, last)

    def given(self, start: int, end: int, found: Found) -> SessionTable:
        """Return the sessions that began in the window, at whichever point."""
        standing = self._standing(start, end)
        known = sum(min(self._known(one, first, last, found), (last - first) / SECOND) for one, first, last in standing)
        stored = [(one, found.get(SessionKey(one.series_id, first, last))) for one, first, last in standing]
        present = [(one, sessions) for one, sessions in stored if sessions is not None]
        rated = [np.empty(0), *(_power(one, sessions.begin) for one, sessions in present)]
        sessions = StoredSessions.concatenate([StoredSessions.none(), *(sessions for _, sessions in present)])
        whole = charges(sessions, np.concatenate(rated))
        seconds = sum((last - first) / SECOND for _, first, last in standing)
        is_over = floor(end, Period.DAY, self.zone) == end  # a period ends at the edge of a day
        running = 0 if is_over else int(whole.may_run.sum())
        ended = whole if is_over else whole.select(~whole.may_run)
        order = np.lexsort((ended.upper, ended.lower, ended.energy, ended.rated, ended.hours))
        told = SessionsOf(ended.select(order), known, seconds)
        return SessionTable(told, tuple(dict.fromkeys(one.device for one, *_ in standing)), running)

    def _standing(self, start: int, end: int) -> list[tuple[ChargingPoint, int, int]]:
        found = ((one, *one.clip(start, end)) for one in self.points)
        return [(one, first, last) for one, first, last in found if first < last]

    def _known_by(self, one: ChargingPoint, start: int, end: int) -> "Sequence[RollupKey | StateKey]":
        key = StateKey if QUANTITIES[one.quantity].states else RollupKey
        return [key(one.series_id, tile) for tile in tiles(start, end, self.zone)]

    def _known(self, one: ChargingPoint, start: int, end: int, found: Found) -> float:
        """Return for how many seconds of [start, end) it is known which sessions began."""
        stored = [found[key] for key in self._known_by(one, start, end) if key in found]
        if QUANTITIES[one.quantity].states:
            return float(sum(sum(held.values()) for held in stored)) / SECOND
        is_made = one.kind is ReadingKind.SESSION
        return float(sum(part.measured if is_made else part.weighted for part in stored))


def _power(one: ChargingPoint, begin: Ints) -> Floats:
    starts, powers = zip(*one.rated, strict=True)
    return np.array(powers)[np.searchsorted(starts, begin, "right") - 1]
