"""Alarms of figures: limits and targets that city files declare, held against what is kept, each few minutes.

Such an alarm is listed with the first device of its city or site, as those of what devices share are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from psycopg.rows import class_row

from ingest.model.alarm import Severity
from ingest.model.catalogue import Catalogue
from ingest.model.city.assets import City, Site
from ingest.model.city.figure_limit import FigureLimit
from ingest.model.sentences import Sentence
from ingest.model.time import from_micros
from kpi_engine.alarms.figure_limits import (
    LIMIT,
    TARGET,
    TARGET_REMEDY,
    Finding,
    LimitedFigure,
    exceeded,
    finding,
    missed,
)
from kpi_engine.indicators import INDICATORS
from kpi_engine.targets import store as targets
from kpi_engine.targets.judgement import TargetJudgement
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@dataclass(frozen=True)
class WatchedLimit:
    """A limit of a city (``site`` None) or a site, and the device its alarm is listed with."""

    city: str
    zone: str
    site: str | None
    device_id: int
    limit: FigureLimit


@dataclass(frozen=True)
class WatchedTarget:
    """A target that raises an alarm while it is missed, and the device that it is listed with."""

    city: str
    site: str | None
    device_id: int
    indicator: str
    title: str
    severity: Severity


@dataclass(frozen=True)
class FigureWatch:
    """Every limit and target of the city files of a day that is watched."""

    limits: tuple[WatchedLimit, ...] = ()
    targets: tuple[WatchedTarget, ...] = ()

    @property
    def rules(self) -> list[tuple[str, int]]:
        """The rules of their alarms, each with the device that it is listed with."""
        of_limits = [(f"{LIMIT}{one.limit.name}", one.device_id) for one in self.limits]
        return of_limits + [(f"{TARGET}{one.indicator}", one.device_id) for one in self.targets]


def watched(catalogue: Catalogue, days: Mapping[str, date]) -> FigureWatch:
    """Return what is watched on the civil day that each city has; what has no device to be listed with is not."""
    limits, aims = list[WatchedLimit](), list[WatchedTarget]()
    for city in catalogue.cities.values():
        first = dict(_first_devices(catalogue, city, days[city.name]))
        parts: list[tuple[str | None, City | Site]] = [(None, city), *((one.name, one) for one in city.sites)]
        for site, part in parts:
            if (device_id := first.get(site)) is None:
                continue
            limits += [WatchedLimit(city.name, city.timezone, site, device_id, one) for one in part.figure_limits]
            aims += [
                WatchedTarget(city.name, site, device_id, one.indicator, one.title, one.severity)
                for one in part.targets
                if one.severity is not None
            ]
    return FigureWatch(tuple(limits), tuple(aims))


def _first_devices(catalogue: Catalogue, city: City, day: date) -> Iterator[tuple[str | None, int]]:
    standing = [one for one in city.devices if one.holds_on(day)]
    for device in reversed(standing):
        yield device.site, catalogue.devices[city.name, device.address].device_id
    if standing:
        yield None, catalogue.devices[city.name, standing[0].address].device_id


def look(connection: Connection, watch: FigureWatch, now: int) -> tuple[int, int]:
    """Raise and clear what figures say at ``now`` (microseconds); return how many were raised and how many cleared."""
    raised = cleared = 0
    for place, is_wrong, found in (*_limits(connection, watch, now), *_targets(connection, watch, now)):
        facts = {**place, "now": from_micros(now)}
        if is_wrong and found:
            raised += connection.execute(SQL["figure_alarm_raise"], facts | vars(found)).rowcount
        elif is_wrong is False:
            cleared += connection.execute(SQL["figure_alarm_clear"], facts).rowcount
    return raised, cleared


Judged = tuple[dict[str, object], bool | None, Finding | None]


def _limits(connection: Connection, watch: FigureWatch, now: int) -> Iterator[Judged]:
    for one, figure in zip(watch.limits, _figures(connection, watch.limits, now), strict=True):
        limit, is_wrong = one.limit, exceeded(one.limit, figure)
        place = {"rule": f"{LIMIT}{limit.name}", "device_id": one.device_id, "severity": limit.severity.value}
        found = finding(limit, figure, one.zone) if figure and is_wrong else None
        yield {**place, "title": limit.title, "remedy": limit.remedy}, is_wrong, found


def _figures(connection: Connection, limits: Sequence[WatchedLimit], now: int) -> list[LimitedFigure | None]:
    if not limits:
        return []
    asked = {
        "kpis": [one.limit.indicator for one in limits],
        "periods": [one.limit.period.value for one in limits],
        "cities": [one.city for one in limits],
        "sites": [one.site for one in limits],
    }
    with connection.cursor(row_factory=class_row(_Row)) as cursor:
        found = {one.number: one for one in cursor.execute(SQL["limited_figures"], asked | {"now": from_micros(now)})}
    return [found[number].figure if number in found else None for number in range(1, len(limits) + 1)]


@dataclass(frozen=True)
class _Row(LimitedFigure):
    number: int

    @property
    def figure(self) -> LimitedFigure:
        return LimitedFigure(self.period_start, self.value, self.lower, self.upper, self.unit)


def _targets(connection: Connection, watch: FigureWatch, now: int) -> Iterator[Judged]:
    if not watch.targets:
        return
    wanted = {(one.city, one.site, one.indicator): one for one in watch.targets}
    every = targets.declared(connection, sorted({one.city for one in watch.targets}))
    aimed = [one for one in every if (one.city, one.site, one.target.indicator) in wanted and one.group is None]
    for judged in targets.judgements(connection, aimed, now):
        one = wanted[judged.declared.city, judged.declared.site, judged.declared.target.indicator]
        judgement = judged.judgement
        place = {"rule": f"{TARGET}{one.indicator}", "device_id": one.device_id, "severity": one.severity.value}
        yield (
            {**place, "title": f"Target missed: {one.title}", "remedy": TARGET_REMEDY},
            missed(judgement.status if judgement else None),
            _missing(one, judgement) if judgement else None,
        )


def _missing(one: WatchedTarget, judgement: TargetJudgement) -> Finding | None:
    """Return what is said of a target by the year that decides it; None where nothing is compared in it."""
    year = next((each for each in judgement.years if each.year == judgement.year), None)
    if year is None:
        return None
    drift = year.drift
    amount = drift.amount if drift else year.figure.amount if year.figure else None
    asked = drift.asked if drift else year.goal
    if amount is None or asked is None or amount.value is None or asked.value is None:
        return None
    reason = judgement.reason or Sentence("whatever its bounds, it is on the wrong side of what was decided").of()
    told = Sentence("{indicator} is off track in {year}: {reason}")
    detail = told.of(indicator=one.indicator, year=year.year, reason=reason)
    return Finding(amount.value, asked.value, INDICATORS[one.indicator].unit, detail)
