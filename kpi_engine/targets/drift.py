"""Whether a year that has not ended drifts off its path, from the months of it that have. Pure.

A part of a year is never made a year. Its months are held against the same months of a year that is over, and what the
year is to be is scaled to them: by their share of that year where months add up, by the ratio of both years where each
month stands for itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any, Final

from ingest.model.calendar import Period
from ingest.model.sentences import Sentence
from ingest.wording import first_of
from kpi_engine.formulas.bounded import Bounded, added, ratio
from kpi_engine.indicator import Better, Indicator, Months
from kpi_engine.targets.period_figure import Figures, MonthRevision, amount, lack, months
from kpi_engine.targets.verdict import TargetStatus, verdict

NAMED: Final = 3  # months that lack something, named before the rest is counted
REVISIONS: Final = 2  # of those of the months, the largest that are told
MONTHS: Final = range(1, 13)
NOT_COMPARED: Final = Sentence("no month of {year} can be compared: {why}")
BLIND: Final = Sentence("figures of months do not say where a year of {indicator} is going")
LEFT_OUT: Final = Sentence("left out: {why}")
UNKNOWN_MONTHS: Final = Sentence("the months of {reference} are not all known: {why}")
INCOMPARABLE: Final = Sentence("{reference} cannot be compared with: {why}")
AT_NOTHING: Final = Sentence("its figures may be below or at nothing")
SO_FAR: Final = Sentence("{months}: {found}, to be {wanted}: these months were {share} of {reference}")
EACH_MONTH: Final = Sentence(
    "{months}, each beside its month of {reference} times {factor}: {counted}; farthest {month}: {found}, "
    "to be {wanted}"
)
NO_LESS: Final = Sentence("at least {goal}")
NO_MORE: Final = Sentence("at most {goal}")
MORE: Final = Sentence("{wanted} ({share} more)")
LESS: Final = Sentence("{wanted} ({share} less)")
REVISED: Final = Sentence("{month} was revised from {before} to {after} ({why})")


@dataclass(frozen=True)
class OpenYearVerdict:
    """What the months of a year say of it: which were ``compared``, with those of which ``reference`` year."""

    status: TargetStatus
    reason: str
    compared: tuple[int, ...] = ()
    reference: int | None = None
    amount: Bounded | None = None
    asked: Bounded | None = None


@dataclass(frozen=True)
class OpenYear:
    """A year of which ``ended`` months are over, what it is to be, and the years that it may be held against."""

    indicator: Indicator[Any]
    year: int
    ended: int
    goal: Bounded
    better: Better
    tolerance: float
    references: tuple[int, ...]


def drift(asked: OpenYear, figures: Figures, revisions: Sequence[MonthRevision] = ()) -> OpenYearVerdict:
    """Return what the months that have ended say; the first reference year of which enough is known counts."""
    indicator, year = asked.indicator, asked.year
    if indicator.closed_only or Period.MONTH not in indicator.periods or indicator.months is Months.APART:
        return _unknown(BLIND.of(indicator=indicator.name))
    if not asked.ended:
        return _unknown(Sentence("no month of {year} has ended").of(year=year))
    lacks = {month: why for month in range(1, asked.ended + 1) if (why := lack(figures, year, month))}
    known = tuple(month for month in range(1, asked.ended + 1) if month not in lacks)
    if not known:
        return _unknown(NOT_COMPARED.of(year=year, why=first_of(lacks.values(), NAMED, "; ")))
    compare = _sums if indicator.months is Months.ADD_UP else _each
    found = _unknown(Sentence("there is no year to compare with").of())
    refused: list[str] = []
    for reference in asked.references:
        found = compare(asked, reference, known, figures)
        if found.reference is not None:
            break
        refused.append(found.reason)
    else:
        return _unknown("; ".join(refused) or found.reason)
    left_out = LEFT_OUT.of(why=first_of(lacks.values(), NAMED, "; ")) if lacks else None
    reason = "; ".join(filter(None, [found.reason, left_out, *_revised(revisions, known, indicator.unit)]))
    return OpenYearVerdict(found.status, reason, known, found.reference, found.amount, found.asked)


def _sums(asked: OpenYear, reference: int, known: tuple[int, ...], figures: Figures) -> OpenYearVerdict:
    """Hold the sum of months against what the year is to be, times their share of the reference year."""
    if missing := [why for month in MONTHS if (why := lack(figures, reference, month))]:
        return _unknown(UNKNOWN_MONTHS.of(reference=reference, why=first_of(missing, NAMED, "; ")))
    so_far = added(figures[asked.year, month].amount for month in known)
    same = added(figures[reference, month].amount for month in known)
    rest = added([Bounded.exact(0.0), *(figures[reference, one].amount for one in MONTHS if one not in known)])
    of_months = [figures[reference, one].amount for one in MONTHS]
    of_months += [figures[asked.year, one].amount for one in known]
    share = _share(same, rest)
    if share is None or min(asked.goal.lower, *(one.lower for one in of_months)) < 0.0:
        return _unknown(INCOMPARABLE.of(reference=reference, why=AT_NOTHING.of()))
    wanted = _times(asked.goal, share)
    status = verdict(so_far, wanted, asked.better, asked.tolerance)
    unit = asked.indicator.unit
    reason = SO_FAR.of(
        months=months(asked.year, known),
        found=amount(so_far, unit),
        wanted=_wanted(asked.better, so_far, wanted, unit),
        share=f"{share.value or 0.0:.1%}",
        reference=reference,
    )
    return OpenYearVerdict(status, reason, known, reference, so_far, wanted)


def _each(asked: OpenYear, reference: int, known: tuple[int, ...], figures: Figures) -> OpenYearVerdict:
    """Hold each month against the same one of the reference year, scaled by what the year is to be beside that year."""
    whole = [lack(figures, reference), *(lack(figures, reference, month) for month in known)]
    if missing := [why for why in whole if why]:
        return _unknown(INCOMPARABLE.of(reference=reference, why=first_of(missing, NAMED, "; ")))
    before = figures[reference, None].amount
    same = {month: figures[reference, month].amount for month in known}
    least = min(asked.goal.lower, *(one.lower for one in same.values()))
    if not before.value or before.lower <= 0.0 or least < 0.0:
        return _unknown(INCOMPARABLE.of(reference=reference, why=AT_NOTHING.of()))
    factor = ratio(asked.goal, before, (asked.goal.value or 0.0) / before.value)
    wanted = {month: _within(_times(one, factor), asked.indicator.unit) for month, one in same.items()}
    found = {month: figures[asked.year, month].amount for month in known}
    by_month = {month: verdict(found[month], wanted[month], asked.better, asked.tolerance) for month in known}
    statuses = set(by_month.values())
    status = statuses.pop() if len(statuses) == 1 else TargetStatus.AT_RISK
    sign = -1.0 if asked.better is Better.HIGHER else 1.0
    worst = max(known, key=lambda one: (sign * fsum((found[one].value or 0.0, -(wanted[one].value or 0.0))), -one))
    unit = asked.indicator.unit
    counted = ", ".join(f"{count} {one.words}" for one in TargetStatus if (count := list(by_month.values()).count(one)))
    reason = EACH_MONTH.of(
        months=months(asked.year, known),
        reference=reference,
        factor=f"{factor.value or 0.0:.4g}",
        counted=counted,
        month=months(asked.year, [worst]),
        found=amount(found[worst], unit),
        wanted=_wanted(asked.better, found[worst], wanted[worst], unit),
    )
    return OpenYearVerdict(status, reason, known, reference)


def _share(part: Bounded, rest: Bounded) -> Bounded | None:
    """Return which share a part is of itself and the rest; None where both may be nothing."""
    if part.value is None or rest.value is None or min(part.lower + rest.upper, part.upper + rest.lower) <= 0.0:
        return None
    lower = part.lower / (part.lower + rest.upper)
    upper = part.upper / (part.upper + rest.lower)
    return Bounded(part.value / (part.value + rest.value), lower, upper)


def _times(one: Bounded, other: Bounded) -> Bounded:
    """Return the product of two amounts that are not below nothing."""
    return Bounded((one.value or 0.0) * (other.value or 0.0), one.lower * other.lower, one.upper * other.upper)


def _within(wanted: Bounded, unit: str) -> Bounded:
    """Return a goal of a month that is no more than the whole, where it is a percentage."""
    if unit not in {"%", "percent"}:
        return wanted
    return Bounded(min(wanted.value or 0.0, 100.0), min(wanted.lower, 100.0), min(wanted.upper, 100.0))


def _wanted(better: Better, found: Bounded, wanted: Bounded, unit: str) -> str:
    """Say what a value is to be, and by how much it differs from that."""
    goal = (NO_LESS if better is Better.HIGHER else NO_MORE).of(goal=amount(wanted, unit))
    off = found.value / wanted.value - 1.0 if wanted.value and found.value is not None else 0.0
    if abs(off) < 5e-4:
        return goal
    return (MORE if off > 0 else LESS).of(wanted=goal, share=f"{abs(off):.1%}")


def _revised(every: Sequence[MonthRevision], known: tuple[int, ...], unit: str) -> list[str]:
    """Say the largest revisions of the months that were compared, and why they came."""
    revised = [one for one in every if one.month in known and one.after != one.before]
    revised.sort(key=lambda one: (-abs(one.after - one.before), one.month, one.before, one.after, one.cause))
    return [
        REVISED.of(
            month=months(one.year, [one.month]),
            before=amount(Bounded.exact(one.before), unit),
            after=amount(Bounded.exact(one.after), unit),
            why=": ".join(filter(None, [one.cause, one.detail])),
        )
        for one in revised[:REVISIONS]
    ]


def _unknown(reason: str) -> OpenYearVerdict:
    return OpenYearVerdict(TargetStatus.UNKNOWN, reason)
