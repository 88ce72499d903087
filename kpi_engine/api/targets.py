"""Targets as the interface shows them: what was declared, the path year by year, and what figures say of each year."""

from typing import Final

from pydantic import Field

from kpi_engine.api.representation import Answer
from kpi_engine.indicators import INDICATORS
from kpi_engine.targets.judgement import YearOfPath
from kpi_engine.targets.store import JudgedTarget
from kpi_engine.targets.verdict import TargetStatus

NOT_BEGUN: Final = "not_begun"


class TargetBaseline(Answer):
    """What a path begins at."""

    year: int
    given: bool = Field(description="Whether the city file gives the value; otherwise it is the stored figure.")
    value: float | None = Field(description="Null where there is no figure of that year.")
    lower: float | None
    upper: float | None


class MonthsCompared(Answer):
    """What the months of a year that has not ended say: never a year made of a part of it."""

    months: list[int] = Field(description="Months of the year that were compared, 1 to 12.")
    reference: int | None = Field(description="With the same months of this year; null: nothing could be compared.")
    value: float | None = Field(description="Their sum, where months add up; else null.")
    lower: float | None
    upper: float | None
    asked: float | None = Field(description="What they are to be: the year's goal times their share of the reference.")
    asked_lower: float | None
    asked_upper: float | None


class TargetYear(Answer):
    """One year of a path."""

    year: int
    is_named: bool = Field(description="The city file names it; otherwise it lies on a line between two that it names.")
    goal: float | None = Field(description="What the figure is to be; null where the baseline is not known.")
    goal_lower: float | None
    goal_upper: float | None
    value: float | None = Field(description="The figure of a year that has ended; null where it has none.")
    lower: float | None
    upper: float | None
    value_id: int | None = Field(description="For `/kpis/{kpi}/values/{value_id}/lineage`.")
    status: str = Field(description="on_track, at_risk, off_track, unknown, or not_begun.")
    reason: str | None
    so_far: MonthsCompared | None = Field(description="Of the year that has not ended.")


class KpiTarget(Answer):
    """Where the figure of an indicator is to go, and what is known of it."""

    city: str
    site: str | None = Field(description="Null for the city as a whole, and for a group.")
    group: str | None = Field(default=None, description="The group of the city that it is of; null for others.")
    indicator: str
    title: str
    unit: str | None = Field(description="Null where no indicator is called so.")
    better: str | None = Field(description="lower or higher.")
    source: str
    page: str | None
    tolerance_percent: float = Field(description="By so much of a goal a figure may miss it and is at risk only.")
    baseline: TargetBaseline
    status: str = Field(description="on_track, at_risk, off_track or unknown, in `year`.")
    year: int | None = Field(description="The newest year that is judged; null where the path has not begun.")
    is_early: bool = Field(description="That year has not ended: what its months say.")
    reason: str | None
    years: list[TargetYear]


def shown(one: JudgedTarget) -> KpiTarget:
    """Return a target as it is answered."""
    target, judgement, indicator = one.declared.target, one.judgement, INDICATORS.get(one.declared.target.indicator)
    given = target.baseline.value
    lower, upper = judgement.baseline.published if judgement else (given, given)
    return KpiTarget(
        city=one.declared.city,
        site=one.declared.site,
        group=one.declared.group,
        indicator=target.indicator,
        title=target.title,
        unit=indicator.unit if indicator else None,
        better=judgement.better.value if judgement else None,
        source=target.source,
        page=target.page,
        tolerance_percent=target.tolerance_percent,
        baseline=TargetBaseline(
            year=target.baseline.year,
            given=given is not None,
            value=judgement.baseline.value if judgement else given,
            lower=lower,
            upper=upper,
        ),
        status=judgement.status.value if judgement else TargetStatus.UNKNOWN.value,
        year=judgement.year if judgement else None,
        is_early=judgement is not None and judgement.is_early,
        reason=judgement.reason if judgement else one.unfit,
        years=[_year(each) for each in judgement.years] if judgement else [],
    )


def _year(one: YearOfPath) -> TargetYear:
    goal, found = one.goal.published, one.figure
    lower, upper = found.amount.published if found else (None, None)
    return TargetYear(
        year=one.year,
        is_named=one.is_named,
        goal=one.goal.value,
        goal_lower=goal[0],
        goal_upper=goal[1],
        value=found.amount.value if found else None,
        lower=lower,
        upper=upper,
        value_id=found.value_id if found else None,
        status=NOT_BEGUN if one.status is None else one.status.value,
        reason=one.reason,
        so_far=_so_far(one),
    )


def _so_far(one: YearOfPath) -> MonthsCompared | None:
    if one.drift is None:
        return None
    found, asked = one.drift.amount, one.drift.asked
    lower, upper = found.published if found else (None, None)
    asked_lower, asked_upper = asked.published if asked else (None, None)
    return MonthsCompared(
        months=list(one.drift.compared),
        reference=one.drift.reference,
        value=found.value if found else None,
        lower=lower,
        upper=upper,
        asked=asked.value if asked else None,
        asked_lower=asked_lower,
        asked_upper=asked_upper,
    )
