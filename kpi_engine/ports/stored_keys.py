"""Under which keys stored inputs are asked for, one kind for each source. Times are microseconds, spans half-open."""

from dataclasses import dataclass, field
from typing import NamedTuple

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
    """One fit of a baseline of a site, as a StoredModel."""

    city: str
    site: str
    name: str
    version: int


class DayTemperatureKey(NamedTuple):
    """The mean temperatures of the civil days of [start, end), by a gauge and a method of baselines, a float column."""

    series_id: int
    zone: str
    method: str
    start: int
    end: int


class HoursKey(NamedTuple):
    """The hours of [start, end) of series added up: values, lower and upper bounds, a row each."""

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
