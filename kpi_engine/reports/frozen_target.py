"""What figures say of a target, as a report freezes it: its path, and everything that it was held against."""

from datetime import date
from typing import Any, Final

from ingest.model.city.targets import Target
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.indicators import INDICATORS
from kpi_engine.reports.frozen_savings import FrozenPart
from kpi_engine.targets.judgement import TargetJudgement, YearOfPath, judge
from kpi_engine.targets.period_figure import MonthRevision, PeriodFigure

NOT_BEGUN: Final = "not_begun"


class TargetAmount(FrozenPart):
    """A value, null where nobody knows it, and what it lies between, null where nothing bounds it."""

    value: float | None
    lower: float | None
    upper: float | None

    @classmethod
    def of(cls, amount: Bounded) -> "TargetAmount":
        """Return an amount as it is frozen."""
        lower, upper = amount.published
        return cls(value=amount.value, lower=lower, upper=upper)


class TargetFigure(FrozenPart):
    """The figure of a year, or of one of its months, that a target is held against."""

    year: int
    month: int | None
    amount: TargetAmount
    is_whole: bool
    reason: str | None
    is_due: bool

    @classmethod
    def of(cls, figure: PeriodFigure) -> "TargetFigure":
        """Return a figure as it is frozen."""
        return cls(
            year=figure.year,
            month=figure.month,
            amount=TargetAmount.of(figure.amount),
            is_whole=figure.is_whole,
            reason=figure.reason,
            is_due=figure.is_due,
        )

    @property
    def label(self) -> str:
        """Its period on the calendar of the city."""
        return str(self.year) if self.month is None else f"{self.year}-{self.month:02d}"

    @property
    def figure(self) -> PeriodFigure:
        """The figure as it is held against a target."""
        amount = Bounded.between(self.amount.value, self.amount.lower, self.amount.upper)
        return PeriodFigure(self.year, self.month, amount, self.is_whole, self.reason, is_due=self.is_due)


class TargetRevision(FrozenPart):
    """By how much the figure of a month that had ended was revised, and why."""

    year: int
    month: int
    before: float
    after: float
    cause: str
    detail: str | None


class FrozenYear(FrozenPart):
    """A year of a path: what it is to be, its figure, and what that says: a status, or ``not_begun``."""

    year: int
    is_named: bool
    goal: TargetAmount
    figure: TargetAmount | None
    status: str
    reason: str | None

    @classmethod
    def of(cls, one: YearOfPath) -> "FrozenYear":
        """Return a year as it is frozen."""
        return cls(
            year=one.year,
            is_named=one.is_named,
            goal=TargetAmount.of(one.goal),
            figure=TargetAmount.of(one.figure.amount) if one.figure else None,
            status=NOT_BEGUN if one.status is None else one.status.value,
            reason=one.reason,
        )


class TargetSaid(FrozenPart):
    """What is known of a target: the verdict of ``year``, and every year of the path."""

    status: str
    year: int | None
    is_early: bool
    reason: str | None
    better: str
    baseline: TargetAmount
    years: list[FrozenYear]

    @classmethod
    def of(cls, judgement: TargetJudgement) -> "TargetSaid":
        """Return a verdict as it is frozen."""
        return cls(
            status=judgement.status.value,
            year=judgement.year,
            is_early=judgement.is_early,
            reason=judgement.reason,
            better=judgement.better.value,
            baseline=TargetAmount.of(judgement.baseline),
            years=[FrozenYear.of(one) for one in judgement.years],
        )


class FrozenTarget(FrozenPart):
    """A line of ``targets.jsonl``.

    ``declared``: as the city file has it. ``today``: the civil day that it is judged on, the day after the report's
    period at the latest. ``rules``: those of judging. ``said`` is null where ``unfit`` says why it is no target.
    """

    city: str
    site: str | None
    group: str | None
    unit: str | None
    declared: dict[str, Any]
    rules: str
    today: date
    figures: list[TargetFigure]
    revisions: list[TargetRevision]
    said: TargetSaid | None
    unfit: str | None

    @property
    def target(self) -> Target:
        """The target as it was declared. Raises ValueError where it is none."""
        return Target.model_validate(self.declared)

    @property
    def indicator(self) -> str:
        """The name of what is to go somewhere."""
        return str(self.declared.get("indicator"))

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Which target it is, whatever is known of it."""
        return self.city, self.site or "", self.group or "", self.indicator

    @property
    def name(self) -> str:
        """Which target it is, in words."""
        return f"{self.indicator} of {self.site or self.group or self.city}"

    def again(self) -> TargetSaid | None:
        """Return what comes out when it is judged again; None where it is no target. Raises ValueError, KeyError."""
        if self.unfit is not None:
            return None
        target = self.target
        figures = [one.figure for one in self.figures]
        revisions = [MonthRevision(**one.model_dump()) for one in self.revisions]
        return TargetSaid.of(judge(target, INDICATORS[target.indicator], figures, revisions, self.today))
