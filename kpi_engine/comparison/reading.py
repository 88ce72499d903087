"""Reading what is compared: kept figures of whole cities and groups, each on the calendar of its city."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingest.model.calendar import Period, day_start
from ingest.model.policies import Policy
from ingest.model.time import from_micros, to_micros
from kpi_engine.comparison.compared import Caution, ComparedFigure, Per, cautions, in_order, name_of
from kpi_engine.comparison.divisors import Divisors
from kpi_engine.errors import ComparisonError
from kpi_engine.export.period_labels import period_label
from kpi_engine.figures import store as figures
from kpi_engine.figures.status import FigureStatus
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.indicator import Indicator, Months
from kpi_engine.ports.policies import BoundPolicy
from kpi_engine.statistics import store as statistics
from kpi_engine.statistics.store import StatisticQuery
from kpi_engine.subjects.subject import Subject, SubjectName
from kpi_engine.subjects.subject_index import SubjectIndex
from processors.storage.database import Connection


@dataclass(frozen=True)
class ComparisonAsked:
    """One indicator of cities and groups in the periods that start in [first, after), divided by what, if anything."""

    indicator: Indicator[Any]
    subjects: Sequence[SubjectName]
    period: Period
    first: date
    after: date
    per: Per | None = None


@dataclass(frozen=True)
class Comparison:
    """Figures by name and time, and in what they differ beside their values."""

    figures: list[ComparedFigure]
    cautions: list[Caution]


def compare(connection: Connection, index: SubjectIndex, asked: ComparisonAsked) -> Comparison:
    """Return what is asked for; raises ComparisonError where it cannot be compared as asked."""
    require_comparable(asked)
    found = [one for name in asked.subjects for one in _figures(connection, _subject(index, name), asked)]
    every = list(in_order(found))
    return Comparison(every, cautions(every))


def require_comparable(asked: ComparisonAsked) -> None:
    """Raise ComparisonError where figures of this indicator cannot be put side by side as asked."""
    one = asked.indicator
    if any(name.site is not None for name in asked.subjects):
        raise ComparisonError("sites are not compared here: see the ranking of a city, for operators")
    if asked.period not in one.periods:
        raise ComparisonError(f"{one.name} has no figures by {asked.period}; expected {', '.join(one.periods)}")
    if asked.per is None:
        return
    if one.months is not Months.ADD_UP or "/" in one.unit:
        raise ComparisonError(
            f"{one.name} [{one.unit}] is no amount that grows with a city, so it is not divided by {asked.per}s"
        )
    if any(name.group is not None for name in asked.subjects):
        raise ComparisonError(f"of a group nobody states {asked.per}s; expected cities only")


def _subject(index: SubjectIndex, name: SubjectName) -> Subject:
    found = index.by_name.get(name)
    if found is None:
        known = ", ".join(sorted(name_of(one) for one in index.by_name if one.site is None))
        raise ComparisonError(f"nothing is computed of {name_of(name)}; of {known}")
    return found


def _figures(connection: Connection, subject: Subject, asked: ComparisonAsked) -> Iterator[ComparedFigure]:
    city, _, group = subject.name
    within = (from_micros(day_start(day, subject.zone)) for day in (asked.first, asked.after))
    found = figures.values(connection, asked.indicator.name, city, None, asked.period.value, *within, group=group)
    given = statistics.load(connection, StatisticQuery(cities=[city])) if asked.per else []
    policies = [f"{one.kind} {one.name}" for one in _policies(subject, asked.indicator)]
    divisors = Divisors(subject.city, [one.given for one in given if one.given.site is None])
    for one in found:
        amount, unit, divided_by, reason = Bounded.between(one.value, one.lower, one.upper), one.unit, None, one.reason
        if asked.per:
            divisor = divisors.over(asked.per, to_micros(one.period_start), to_micros(one.period_end))
            unit, divided_by = f"{unit}/{asked.per}", divisor.explanation if divisor.value else None
            amount = amount.scaled(1.0 / divisor.value) if divisor.value else Bounded(None)
            reason = reason if divisor.value else divisor.explanation
        yield ComparedFigure(
            subject=subject.name,
            title=_title(subject),
            label=period_label(one.period_start, one.period, subject.zone),
            start=one.period_start,
            end=one.period_end,
            amount=amount,
            unit=unit,
            status=FigureStatus(one.status) if amount.value is not None else FigureStatus.INSUFFICIENT,
            coverage=one.coverage,
            estimated_share=one.estimated_share,
            reason=reason,
            rule_version=one.rule_version,
            factors=one.factors,
            policies=policies,
            value_id=one.value_id,
            divisor=divided_by,
        )


def _policies(subject: Subject, indicator: Indicator[Any]) -> list[Policy]:
    bound = subject.ports.get(indicator.name, {}).values()
    return sorted((one.policy for one in bound if isinstance(one, BoundPolicy)), key=lambda one: one.kind)


def _title(subject: Subject) -> str:
    city = subject.city.title or subject.city.name
    return f"{city}, {subject.group}" if subject.group else city
