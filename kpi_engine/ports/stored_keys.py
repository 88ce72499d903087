"""Under which keys stored inputs are asked for, one kind for each source. Times are microseconds, spans half-open."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from ingest.model.reading import ReadingKind
from kpi_engine.formulas.bucket_cover import Tile


class RollupKey(NamedTuple):
    """The rollup of a series in one bucket, as a Rollup."""

    series_id: int
    tile: Tile


class StateKey(NamedTuple):
    """The time by state of a series in one bucket, as microseconds by code."""

    series_id: int
    tile: Tile


class SessionKey(NamedTuple):
    """The sessions that begin in [start, end) at the charging point that a series is of, as StoredSessions."""

    series_id: int
    start: int
    end: int


class FigureKeyOfSpan(NamedTuple):
    """The figure of an indicator over [start, end), of a city, a site or a group of it, as a MetricFigure."""

    kpi: str
    city: str
    site: str | None
    group: str | None
    start: int
    end: int


class ModelKey(NamedTuple):
    """One fit of a baseline of a site or a group, as a StoredModel."""

    city: str
    site: str | None
    group: str | None
    name: str
    version: int


class DayTemperatureKey(NamedTuple):
    """The mean temperatures of the civil days of [start, end), by a gauge and a method of baselines, a float column."""

    series_id: int
    zone: str
    method: str
    start: int
    end: int


class DayKey(NamedTuple):
    """The hours of one civil day, or of the part of it in a window, of series side by side, as a float column each."""

    group: "HourGroup"
    start: int
    end: int


class Member(NamedTuple):
    """A series that counts in [start, end): the most that it counts in an hour, infinite where not declared."""

    series_id: int
    start: int
    end: int
    rate: float
    kind: ReadingKind
    is_net: bool


class FactorDayKey(NamedTuple):
    """The hours of one civil day, or of the part of it in a window, of meters together beside a factor series."""

    group: "FactorGroup"
    start: int
    end: int


class SeriesSpan(NamedTuple):
    """A series that counts in [start, end)."""

    series_id: int
    start: int
    end: int


class LampDayKey(NamedTuple):
    """What each of several lamps did in the hours of a civil day, or of the part of it in a window, as LampStates."""

    group: "LampGroup"
    start: int
    end: int


class LampMember(NamedTuple):
    """A lamp that stands in [start, end), by the series that tells of it.

    It gives light while a gauge is greater than ``lit_above``; None where a register counts its hours.
    """

    device: str
    series_id: int
    start: int
    end: int
    lit_above: float | None


@dataclass(frozen=True)
class FactorGroup:
    """Meters whose hours are added up, in this order, and last the factor series beside. ``digest`` names all of it."""

    digest: str
    members: tuple[SeriesSpan, ...] = field(compare=False)
    zone: str = field(compare=False)


@dataclass(frozen=True)
class LampGroup:
    """Lamps side by side, a row each. ``digest`` names all of it."""

    digest: str
    members: tuple[LampMember, ...] = field(compare=False)
    zone: str = field(compare=False)


@dataclass(frozen=True)
class HourGroup:
    """Series whose hours are added up; of gauges, the mean over them is taken. ``digest`` names all of it."""

    digest: str
    members: tuple[Member, ...] = field(compare=False)
    zone: str = field(compare=False)
    is_gauge: bool = field(compare=False)


class GroupMember(Protocol):
    """A series of a group."""

    @property
    def series_id(self) -> int:
        """Its id."""


class DayGroup(Protocol):
    """Series whose days of hours are kept together, and forgotten when an hour of one of them changes."""

    @property
    def digest(self) -> str:
        """What names the group, and all but readings that decides its days."""

    @property
    def members(self) -> Sequence[GroupMember]:
        """Whose hours decide its days."""

    @property
    def zone(self) -> str:
        """The zone of its days."""


class KeptDayKey(Protocol):
    """A civil day of a group, or the part of it in a window."""

    @property
    def group(self) -> DayGroup:
        """Whose day it is."""

    @property
    def start(self) -> int:
        """When it begins."""

    @property
    def end(self) -> int:
        """When it ends."""
