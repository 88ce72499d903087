"""The index: whom figures are computed for and which series each of them reads, as the database knows it now."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

from kpi_engine.baselines.adjustment import Adjustment
from kpi_engine.errors import SubjectError
from kpi_engine.factors import registry as factors
from kpi_engine.factors.factor import Factor
from kpi_engine.indicator import Indicator
from kpi_engine.indicators import INDICATORS
from kpi_engine.ports.metric import BoundMetric
from kpi_engine.ports.model import BaselineOf, FittedVersion
from kpi_engine.residuals.declared import Residual, residuals
from kpi_engine.statistics import store as statistics
from kpi_engine.subjects.subject import FittedBaselines, Subject, SubjectId, SubjectName, metrics_of, subjects
from processors.storage.database import Connection
from processors.storage.registry import registry
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@dataclass(frozen=True)
class Reader:
    """A subject, and the indicators of it that read one series."""

    subject: Subject
    indicators: tuple[Indicator[Any], ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the indicators are called."""
        return tuple(indicator.name for indicator in self.indicators)


@dataclass(frozen=True)
class Taking:
    """An indicator of a subject that takes other figures, and the port by which it does."""

    subject: Subject
    indicator: Indicator[Any]
    port: BoundMetric


@dataclass(frozen=True)
class SubjectIndex:
    """Subjects by their ids, the readers of each series, and every published factor, oldest first.

    ``definitions`` tell of each subject what decides its figures but readings, by indicator; ``version`` whether the
    database has moved on; ``residuals`` which series balances leave; ``names`` those of series. ``day_groups``:
    the digests of groups that a series belongs to, whose days of hours may be kept.
    """

    subjects: Mapping[SubjectId, Subject] = field(default_factory=dict)
    readers: Mapping[int, Sequence[Reader]] = field(default_factory=dict)
    factors: Sequence[Factor] = ()
    definitions: Mapping[SubjectId, Mapping[str, str]] = field(default_factory=dict)
    version: tuple[Any, ...] = ()
    residuals: Sequence[Residual] = ()
    names: Mapping[int, str] = field(default_factory=dict)
    day_groups: Mapping[int, Set[str]] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """A digest of all that decides figures but readings, the rules of this program included."""
        return sha256(repr((self.version, sorted(self.definitions.items(), key=repr))).encode()).hexdigest()[:24]

    @cached_property
    def by_name(self) -> Mapping[SubjectName, Subject]:
        """Every subject by what it is called."""
        return {subject.name: subject for subject in self.subjects.values()}

    @cached_property
    def taking(self) -> "Mapping[tuple[str, SubjectId], Sequence[Taking]]":
        """Who takes the figures of an indicator of a subject."""
        found: dict[tuple[str, SubjectId], list[Taking]] = {}
        for subject in self.subjects.values():
            for name, ports in subject.ports.items():
                for port in metrics_of(ports).values():
                    for owner, _ in port.owners:
                        key = port.metric.kpi, subject.fellows[SubjectName(*owner)].key
                        found.setdefault(key, []).append(Taking(subject, INDICATORS[name], port))
        return found

    def select(self, city: str | None = None, site: str | None = None, group: str | None = None) -> list[Subject]:
        """Return the subjects of a city, or one site or group of it; raises SubjectError where there is none."""
        found = [
            one
            for one in self.subjects.values()
            if city in {None, one.city.name} and site in {None, one.site} and group in {None, one.group}
        ]
        if not found:
            called = " ".join(filter(None, (city, site, group))) or "any city"
            raise SubjectError(f"no indicator can be computed for {called}")
        return found


def version(connection: Connection) -> tuple[Any, ...]:
    """Return what changes whenever an index loaded now would differ from one loaded before."""
    return tuple(connection.execute(SQL["roster_version"]).fetchone() or ())


def load(connection: Connection) -> SubjectIndex:
    """Return the index of the stored cities and factors."""
    known = version(connection)
    catalogue = registry.load(connection)
    rows = connection.execute(SQL["subject_ids"]).fetchall()
    given = [one.given for one in statistics.load_current(connection)]
    published = factors.load(connection)
    ids = {SubjectName(*name): (city_id, site_id) for *name, city_id, site_id in rows}
    every = subjects(catalogue, ids, given, published, _fitted(connection))
    definitions = {subject.key: subject.definition() for subject in every}
    return SubjectIndex(
        {subject.key: subject for subject in every},
        _readers(every),
        published,
        definitions,
        known,
        residuals(catalogue),
        {one.series_id: f"{one.device}/{one.quantity}" for one in catalogue.series.values()},
        _day_groups(every),
    )


def _fitted(connection: Connection) -> FittedBaselines:
    """Return which fit of each baseline holds, and the adjustments that do."""
    entered: dict[tuple[str | None, ...], list[Adjustment]] = {}
    for city, site, group, name, *adjustment in connection.execute(SQL["adjustments_held"]):
        entered.setdefault((city, site, group, name), []).append(Adjustment(*adjustment))
    found: dict[str, dict[BaselineOf, FittedVersion]] = {}
    for city, site, group, name, version, digest in connection.execute(SQL["fits_held"]):
        adjustments = tuple(entered.get((city, site, group, name), ()))
        found.setdefault(city, {})[site, group, name] = FittedVersion(version, digest, adjustments)
    return found


def _day_groups(every: Sequence[Subject]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for port in (bound for subject in every for ports in subject.ports.values() for bound in ports.values()):
        for group in port.day_groups:
            for member in group.members:
                found.setdefault(member.series_id, set()).add(group.digest)
    return found


def _readers(every: Sequence[Subject]) -> dict[int, list[Reader]]:
    readers: dict[int, list[Reader]] = {}
    for subject in every:
        reading: dict[int, list[Indicator[Any]]] = {}
        for indicator in subject.indicators:
            for series_id in subject.series_of(indicator):
                reading.setdefault(series_id, []).append(indicator)
        for series_id, indicators in reading.items():
            readers.setdefault(series_id, []).append(Reader(subject, tuple(indicators)))
    return readers
