"""Targets of registered cities, held against their stored figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import inf
from typing import Any, Final
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import class_row
from pydantic import TypeAdapter

from ingest.model.calendar import day_of, day_start
from ingest.model.city.targets import Target
from ingest.model.time import from_micros
from kpi_engine import moments
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.indicators import INDICATORS
from kpi_engine.targets.fitness import unfit
from kpi_engine.targets.judgement import TargetJudgement, judge
from kpi_engine.targets.period_figure import MonthRevision, PeriodFigure
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_TARGET: Final = TypeAdapter(Target)


@dataclass(frozen=True)
class DeclaredTarget:
    """A target of a city, or of one of its sites or groups; ``timezone`` is the city's."""

    city: str
    site: str | None
    timezone: str
    target: Target
    group: str | None = None

    @property
    def part(self) -> str | None:
        """The site or group; None of a city."""
        return self.site or self.group


@dataclass(frozen=True)
class TargetEvidence:
    """What a target is held against: stored figures, what became of months of the year, and the day of its city."""

    today: date
    figures: tuple[PeriodFigure, ...] = ()
    revisions: tuple[MonthRevision, ...] = ()


@dataclass(frozen=True)
class JudgedTarget:
    """A target with what is known of it; None and ``unfit`` where no figure can be held against it."""

    declared: DeclaredTarget
    judgement: TargetJudgement | None
    evidence: TargetEvidence
    unfit: str | None = None


@dataclass(frozen=True)
class _Declared:
    city: str
    timezone: str
    site: str | None
    group: str | None
    target: dict[str, Any]


@dataclass(frozen=True)
class _Figure:
    """A figure of the target at place ``number``, from 1."""

    number: int
    value_id: int
    period: str
    period_start: datetime
    value: float | None
    lower: float | None
    upper: float | None
    is_whole: bool
    reason: str | None
    due: bool


@dataclass(frozen=True)
class _Revision:
    """What became of a month of the target at place ``number``, from 1."""

    number: int
    period_start: datetime
    before: float
    after: float
    cause: str
    detail: str | None


def declared(
    connection: Connection[Any], cities: Sequence[str] | None, site: str | None = None, group: str | None = None
) -> list[DeclaredTarget]:
    """Return the targets of cities (None: of all), of one site or group or of all of them.

    In the order of cities, of sites and groups by their names, and of indicators.
    """
    asked = {"cities": cities, "site": site, "group": group}
    with connection.cursor(row_factory=class_row(_Declared)) as cursor:
        rows = cursor.execute(SQL["targets_declared"], asked).fetchall()
    found = [
        DeclaredTarget(one.city, one.site, one.timezone, _TARGET.validate_python(one.target), one.group) for one in rows
    ]
    return sorted(found, key=lambda one: (one.city, one.part or "", one.target.indicator))


def judgements(
    connection: Connection[Any],
    every: Sequence[DeclaredTarget],
    now: int,
    *,
    explained: bool = True,
    as_of: datetime | None = None,
) -> list[JudgedTarget]:
    """Return targets in their order with what their stored figures say at ``now``, in microseconds.

    ``explained``: reasons tell what was revised as well; whoever only counts does not need that. ``as_of``: by the
    figures and revisions that were known then; None: that are known now.
    """
    faults = [next((fault for _, fault in unfit(one.target, is_part=one.part is not None)), None) for one in every]
    fit = [one for one, fault in zip(every, faults, strict=True) if fault is None]
    found = iter(_evidence(connection, fit, now, as_of, explained=explained) if fit else ())
    return [
        _judgement(one, next(found))
        if fault is None
        else JudgedTarget(one, None, TargetEvidence(day_of(now, one.timezone)), fault)
        for one, fault in zip(every, faults, strict=True)
    ]


def _judgement(fit: DeclaredTarget, held: TargetEvidence) -> JudgedTarget:
    indicator = INDICATORS[fit.target.indicator]
    return JudgedTarget(fit, judge(fit.target, indicator, held.figures, held.revisions, held.today), held)


def _evidence(
    connection: Connection[Any], fit: Sequence[DeclaredTarget], now: int, as_of: datetime | None, *, explained: bool
) -> list[TargetEvidence]:
    days = [day_of(now, one.timezone) for one in fit]
    asked: dict[str, Any] = {
        "kpis": [one.target.indicator for one in fit],
        "cities": [one.city for one in fit],
        "sites": [one.part for one in fit],
        "as_of": as_of,
    }
    since = [_begin(one, one.target.baseline.year) for one in fit]
    this_year = [_begin(one, day.year) for one, day in zip(fit, days, strict=True)]
    stored: dict[int, list[PeriodFigure]] = {}
    for row in moments.read(connection, _Figure, SQL["target_figures"], asked | {"since": since}):
        stored.setdefault(row.number, []).append(_figure(row, fit[row.number - 1].timezone))
    revised: dict[int, list[MonthRevision]] = {}
    if explained:
        for step in moments.read(connection, _Revision, SQL["target_revisions"], asked | {"since": this_year}):
            revised.setdefault(step.number, []).append(_revision(step, fit[step.number - 1].timezone))
    return [
        TargetEvidence(day, tuple(stored.get(number, ())), tuple(revised.get(number, ())))
        for number, day in enumerate(days, start=1)
    ]


def _begin(one: DeclaredTarget, year: int) -> datetime:
    return from_micros(day_start(date(year, 1, 1), one.timezone))


def _figure(row: _Figure, zone: str) -> PeriodFigure:
    begin = row.period_start.astimezone(ZoneInfo(zone))
    bounds = (-inf if row.lower is None else row.lower, inf if row.upper is None else row.upper)
    month = begin.month if row.period == "month" else None
    return PeriodFigure(begin.year, month, Bounded(row.value, *bounds), row.is_whole, row.reason, row.value_id, row.due)


def _revision(row: _Revision, zone: str) -> MonthRevision:
    begin = row.period_start.astimezone(ZoneInfo(zone))
    return MonthRevision(begin.year, begin.month, row.before, row.after, row.cause, row.detail)
