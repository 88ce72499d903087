"""What two reports say of the same figures: each difference with its cause."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kpi_engine.differences.reasons import reasons, revised, says_alike
from kpi_engine.figures.status import number
from kpi_engine.reports.frozen import FrozenFigure
from kpi_engine.reports.frozen_savings import FrozenSavings
from kpi_engine.reports.frozen_target import FrozenTarget, TargetFigure


@dataclass(frozen=True)
class FigureDifference:
    """One figure that is not the same in both; None where one of them does not have it. ``why``: in words."""

    figure: str
    before: FrozenFigure | None
    after: FrozenFigure | None
    why: tuple[str, ...]


def differences(before: Iterable[FrozenFigure], after: Iterable[FrozenFigure]) -> Iterator[FigureDifference]:
    """Yield the figures that differ, in the order of the later report, and then those that it does not have."""
    former = {one.key: one for one in before}
    for one in after:
        earlier = former.pop(one.key, None)
        if earlier is None:
            yield FigureDifference(_name(one), None, one, ("it is new",))
        elif not says_alike(earlier, one):
            yield FigureDifference(_name(one), earlier, one, tuple(_why(earlier, one)))
    for one in former.values():
        yield FigureDifference(_name(one), one, None, ("it is no longer there",))


def _name(one: FrozenFigure) -> str:
    return f"{one.kpi} of {one.subject}, {one.label}"


def _why(before: FrozenFigure, after: FrozenFigure) -> Iterator[str]:
    """Yield why a figure moved, and what the engine noted when it did."""
    yield from reasons(before, after, (before.inputs, after.inputs))
    if after.cause and after.revision != before.revision:
        yield revised([after])


@dataclass(frozen=True)
class SavingsDifference:
    """Savings of a baseline that are not the same in both; None where one of them does not have it."""

    id: str
    before: FrozenSavings | None
    after: FrozenSavings | None
    why: tuple[str, ...]


def savings_differences(before: Iterable[FrozenSavings], after: Iterable[FrozenSavings]) -> Iterator[SavingsDifference]:
    """Yield the baselines whose savings differ, as ``differences``."""
    former = {one.id: one for one in before}
    for one in after:
        earlier = former.pop(one.id, None)
        if earlier is None:
            yield SavingsDifference(one.id, None, one, ("it is new",))
        elif (earlier.said, earlier.disqualified) != (one.said, one.disqualified):
            yield SavingsDifference(one.id, earlier, one, tuple(_reasons_of_savings(earlier, one)))
    for one in former.values():
        yield SavingsDifference(one.id, one, None, ("it is no longer there",))


def _reasons_of_savings(before: FrozenSavings, after: FrozenSavings) -> Iterator[str]:
    """Yield why savings moved: days, model, adjustments, prices and factors."""
    was, now = ((one.first, one.last) for one in (before, after))
    if was != now:
        yield f"of {now[0]} to {now[1]} instead of {was[0]} to {was[1]}"
    if before.fit != after.fit:
        is_now, was_then = (f"model {one.fit.version}" if one.fit else "no model" for one in (after, before))
        yield f"{is_now} instead of {was_then}"
    if before.adjustments != after.adjustments:
        yield f"{len(after.adjustments)} adjustments instead of {len(before.adjustments)}, or others"
    if before.rates != after.rates:
        yield f"by {'; '.join(after.rates) or 'no rate'} instead of {'; '.join(before.rates) or 'no rate'}"
    if before.days != after.days and was == now:
        yield "other daily energies or temperatures"


@dataclass(frozen=True)
class TargetDifference:
    """A target of which not the same is said in both; None where one of them does not have it."""

    target: str
    before: FrozenTarget | None
    after: FrozenTarget | None
    why: tuple[str, ...]


def target_differences(before: Iterable[FrozenTarget], after: Iterable[FrozenTarget]) -> Iterator[TargetDifference]:
    """Yield the targets of which something else is said, as ``differences``."""
    former = {one.key: one for one in before}
    for one in after:
        earlier = former.pop(one.key, None)
        if earlier is None:
            yield TargetDifference(one.name, None, one, ("it is new",))
        elif (earlier.said, earlier.declared, earlier.unfit) != (one.said, one.declared, one.unfit):
            yield TargetDifference(one.name, earlier, one, tuple(_reasons_of_target(earlier, one)))
    for one in former.values():
        yield TargetDifference(one.name, one, None, ("it is no longer there",))


def _reasons_of_target(before: FrozenTarget, after: FrozenTarget) -> Iterator[str]:
    """Yield why something else is said of a target: what is declared, when it was judged, and which figures moved."""
    declared = [name for name in after.declared if after.declared[name] != before.declared.get(name)]
    if declared:
        yield f"the city file declares another {', '.join(declared)}"
    if before.rules != after.rules:
        yield f"judged by rules {after.rules} instead of {before.rules}"
    if before.today != after.today:
        yield f"judged on {after.today} instead of {before.today}"
    former = {one.label: one for one in before.figures}
    for one in after.figures:
        was = former.pop(one.label, None)
        if was is None:
            yield f"{one.label} has a figure, {_in_words(one)}"
        elif (was.amount, was.is_whole) != (one.amount, one.is_whole):
            yield f"{one.label} is {_in_words(one)} instead of {_in_words(was)}"
    yield from (f"{label} has no figure any more" for label in former)


def _in_words(one: TargetFigure) -> str:
    value = "without a value" if one.amount.value is None else number(one.amount.value)
    lower, upper = (None if end is None else number(end) for end in (one.amount.lower, one.amount.upper))
    bounds = f" [{lower}, {upper}]" if lower is not None and upper is not None else ""
    return f"{value}{bounds}{'' if one.is_whole else ', not computed to its end'}"
