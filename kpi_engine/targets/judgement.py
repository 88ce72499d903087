"""What figures say of a target: of each year of its path that is over, of the one that is not, and in all. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from ingest.model.city.targets import Target
from ingest.model.sentences import Sentence
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.indicator import Better, Indicator
from kpi_engine.targets.drift import OpenYear, OpenYearVerdict, drift
from kpi_engine.targets.fitness import better
from kpi_engine.targets.path import goals, named_years
from kpi_engine.targets.period_figure import Figures, MonthRevision, PeriodFigure, amount, lack
from kpi_engine.targets.verdict import TargetStatus, verdict

AT_LEAST: Final = Sentence("{found}, to be at least {goal}")
AT_MOST: Final = Sentence("{found}, to be at most {goal}")
DUE: Final = Sentence("it is computed again soon")
JUDGEMENT_RULES: Final = "1.0"
"""Version of what is said of a target by the same figures."""


@dataclass(frozen=True)
class YearOfPath:
    """One year of a path: what it is to be, its figure, and what that says; ``status`` None: it has not begun.

    ``is_named``: the path names it, and it does not lie on a line between two years. ``drift`` only while it is open.
    """

    year: int
    goal: Bounded
    is_named: bool
    status: TargetStatus | None = None
    reason: str | None = None
    figure: PeriodFigure | None = None
    drift: OpenYearVerdict | None = None


@dataclass(frozen=True)
class TargetJudgement:
    """What is known of a target: the verdict of the open year or of the one before it, and all years of the path.

    ``is_early``: that year has not ended. ``baseline``: the value of the baseline year, as far as it is known.
    """

    status: TargetStatus
    year: int | None
    is_early: bool
    reason: str | None
    better: Better
    baseline: Bounded
    years: tuple[YearOfPath, ...]


def judge(
    target: Target,
    indicator: Indicator[Any],
    stored: Iterable[PeriodFigure],
    revisions: Iterable[MonthRevision],
    today: date,
) -> TargetJudgement:
    """Hold figures, in any order, against a fit target on a civil day of its city."""
    figures: Figures = {(one.year, one.month): one for one in stored}
    way, revised = better(target, indicator), [one for one in revisions if one.year == today.year]
    baseline, missing = _baseline(target, figures)
    path, named = goals(target, baseline), named_years(target.path)
    years = []
    for year, goal in path.items():
        begun = YearOfPath(year, goal, year in named)
        if year > today.year:
            years.append(begun)
        elif goal.value is None:
            years.append(replace(begun, status=TargetStatus.UNKNOWN, reason=missing))
        elif year < today.year:
            years.append(_ended(begun, figures, way, indicator.unit, target.tolerance_percent / 100.0))
        else:
            references = tuple(dict.fromkeys((year - 1, target.baseline.year)))
            tolerance = target.tolerance_percent / 100.0
            asked = OpenYear(indicator, year, today.month - 1, goal, way, tolerance, references)
            found = drift(asked, figures, revised)
            years.append(replace(begun, status=found.status, reason=found.reason, drift=found))
    return _in_all(tuple(years), way, baseline, today)


def _baseline(target: Target, figures: Figures) -> tuple[Bounded, str | None]:
    """Return the value of the baseline year, and why there is none."""
    if target.baseline.value is not None:
        return Bounded.exact(target.baseline.value), None
    missing = lack(figures, target.baseline.year)
    if missing:
        return Bounded(None), Sentence("the baseline is not known: {why}").of(why=missing)
    return figures[target.baseline.year, None].amount, None


def _ended(begun: YearOfPath, figures: Figures, way: Better, unit: str, tolerance: float) -> YearOfPath:
    """Judge a year that is over by its figure."""
    found = figures.get((begun.year, None))
    if found is None or not found.is_whole:
        return replace(begun, status=TargetStatus.UNKNOWN, reason=lack(figures, begun.year), figure=found)
    status = verdict(found.amount, begun.goal, way, tolerance)
    text = lack(figures, begun.year) if found.amount.value is None else f"{begun.year}: {amount(found.amount, unit)}"
    reason = (AT_LEAST if way is Better.HIGHER else AT_MOST).of(found=text, goal=amount(begun.goal, unit))
    if found.is_due:
        reason = f"{reason}; {DUE.of()}"
    return replace(begun, status=status, reason=reason, figure=found)


def _in_all(years: tuple[YearOfPath, ...], way: Better, baseline: Bounded, today: date) -> TargetJudgement:
    """Take the year that has not ended where its months say something, else the newest one that has begun before."""
    begun = [one for one in years if one.status is not None]
    reasons = []
    if len(begun) > 1 and begun[-1].year == today.year and begun[-1].status is TargetStatus.UNKNOWN:
        reasons.append(begun.pop().reason)
    if not begun:
        return TargetJudgement(
            TargetStatus.UNKNOWN, None, False, Sentence("its path has not begun").of(), way, baseline, years
        )
    newest = begun[-1]
    status = newest.status or TargetStatus.UNKNOWN
    if status is not TargetStatus.UNKNOWN:
        reasons.clear()
    reason = "; ".join(filter(None, dict.fromkeys([newest.reason, *reasons]))) or None
    return TargetJudgement(status, newest.year, newest.year == today.year, reason, way, baseline, years)
