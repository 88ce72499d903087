"""Figures as they are asked for: kept ones from the store, days of sites computed now.

Days of a site are the most of all figures, and hardly any of them is ever looked at. They are computed as kept ones
are, from what is known now and as far as the figures of their months reach, and have no revisions. How they were known
at an instant can be said where nothing of them changed since. Days that a baseline measures by are kept
(Subject.keeps).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ingest.model.calendar import Period, floor, following
from ingest.model.spans import Span
from ingest.model.time import from_micros, to_micros
from kpi_engine.engine.computed_range import GRACE, overlapping
from kpi_engine.engine.computing import compute
from kpi_engine.engine.days_as_known import known_then
from kpi_engine.errors import NotKeptError
from kpi_engine.figures import store
from kpi_engine.figures.code_version import CODE_VERSION
from kpi_engine.figures.erased import standing
from kpi_engine.figures.figure import Figure, FigureKey
from kpi_engine.figures.store import KnownFigure, Lineage
from kpi_engine.indicator import Indicator
from kpi_engine.subjects.subject import Subject, SubjectName
from kpi_engine.subjects.subject_index import SubjectIndex
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@dataclass(frozen=True)
class FiguresAsked:
    """Figures of an indicator for the periods of a kind that start in [start, end), as known now or at ``as_of``."""

    indicator: Indicator[Any]
    period: Period
    start: datetime
    end: datetime
    as_of: datetime | None = None

    @classmethod
    def overlapping(
        cls, indicator: Indicator[Any], period: Period, within: Span, zone: str, as_of: datetime | None = None
    ) -> "FiguresAsked":
        """Return those of the civil periods that overlap a range (microseconds): what a range means to everybody."""
        start, end = within
        return cls(indicator, period, from_micros(floor(start, period, zone)), from_micros(end), as_of)


def figures(
    connection: Connection, index: SubjectIndex, names: Sequence[SubjectName], asked: FiguresAsked
) -> list[KnownFigure]:
    """Return the figures of cities, sites or groups in the order of their ``names`` and of time.

    Raises NotKeptError where days that are not kept were asked for as known at an instant, and something of them
    changed since, or one of them had not ended.
    """
    found: list[KnownFigure] = []
    for name in names:
        subject = index.by_name.get(name)
        is_kept = subject is None or subject.keeps(asked.indicator, asked.period)
        if is_kept or asked.as_of:
            scope = (asked.period.value, asked.start, asked.end, asked.as_of)
            kept = store.values(connection, asked.indicator.name, name.city, name.site, *scope, group=name.group)
            found += kept
            if kept or is_kept:
                continue
        if subject is not None:
            found += [_answer(subject, one) for one in _as_known(connection, index, subject, asked)]
    return found


def lineage(connection: Connection, index: SubjectIndex, subject: Subject, asked: FiguresAsked) -> Lineage | None:
    """Return what stands behind the first of the days asked for; None where there is no figure of it."""
    for one in _days(connection, index, subject, asked):
        value = _answer(subject, one)
        return Lineage(value, one.inputs, [value])
    return None


def _days(connection: Connection, index: SubjectIndex, subject: Subject, asked: FiguresAsked) -> list[Figure]:
    if asked.indicator not in subject.indicators:
        return []
    ids = {"city_id": subject.city_id, "site_id": subject.site_id}
    extent = connection.execute(SQL["extent_of"], ids).fetchone()
    if extent is None:
        return []
    life_from, through = extent
    keys = list(_keys(subject, asked, (life_from, through)))
    gone = standing(connection, keys, lambda key: following(key.start, key.period, subject.zone))
    keys = [key for key in keys if key not in gone]  # without readings that were erased they would be others
    return compute(connection, index, keys, through + GRACE)


def _as_known(connection: Connection, index: SubjectIndex, subject: Subject, asked: FiguresAsked) -> list[Figure]:
    """Return the days asked for, as they are known now or were at an instant."""
    computed = _days(connection, index, subject, asked)
    if asked.as_of is None:
        return computed
    known = known_then(connection, subject, asked.indicator.name, asked.as_of)
    begun = [one for one in computed if known.had_begun(one)]
    if not all(map(known.is_alike, begun)):
        raise NotKeptError(asked.indicator.name, subject.site or subject.group or subject.city.name)
    return begun


def _keys(subject: Subject, asked: FiguresAsked, extent: tuple[int, int]) -> Iterator[FigureKey]:
    first, last = to_micros(asked.start), to_micros(asked.end)
    for start, _ in overlapping(extent, asked.period, subject.zone):
        if first <= start < last:
            yield FigureKey(asked.indicator.name, subject.key, asked.period, start)


def _answer(subject: Subject, one: Figure) -> KnownFigure:
    return KnownFigure(
        value_id=None,
        kpi=one.key.kpi,
        city=subject.city.name,
        site=subject.site,
        period=one.key.period.value,
        period_start=from_micros(one.key.start),
        period_end=from_micros(one.end),
        value=one.value,
        lower=one.lower,
        upper=one.upper,
        unit=one.unit,
        coverage=one.coverage,
        estimated_share=one.estimated_share,
        status=one.status,
        reason=one.reason,
        through=from_micros(one.through),
        factors=one.factors,
        inputs_hash=one.inputs_hash,
        rule_version=one.rule_version,
        code_version=CODE_VERSION,
        revision=None,
        computed_at=None,
        superseded_at=None,
        cause=None,
        cause_detail="computed when it was asked for",
        due=False,
        group=subject.group,
        zone=subject.zone,
    )
