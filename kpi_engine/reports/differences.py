"""What two reports say of the same figures: each difference with its cause."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Generic, TypeVar

from pydantic import BaseModel

from kpi_engine.differences.reasons import reasons, revised, says_alike
from kpi_engine.figures.status import number
from kpi_engine.reports.frozen import FrozenFigure
from kpi_engine.reports.frozen_savings import FrozenSavings
from kpi_engine.reports.frozen_target import FrozenTarget, TargetFigure

Frozen = TypeVar("Frozen", bound=BaseModel)


@dataclass(frozen=True)
class ReportDifference(Generic[Frozen]):
    """Something of which not the same is said in both; None where one of them does not have it. ``why``: in words."""

    name: str
    before: Frozen | None
    after: Frozen | None
    why: tuple[str, ...]


@dataclass(frozen=True)
class _Compared(Generic[Frozen]):
    """How lines of one kind are compared: by which key, under which name, what they say, and why it moved."""

    key: Callable[[Frozen], Hashable]
    name: Callable[[Frozen], str]
    is_alike: Callable[[Frozen, Frozen], bool]
    why: Callable[[Frozen, Frozen], Iterable[str]]

    def differences(self, before: Iterable[Frozen], after: Iterable[Frozen]) -> Iterator[ReportDifference[Frozen]]:
        """Yield what differs, in the order of the later report, and then what it does not have."""
        former = {self.key(one): one for one in before}
        for one in after:
            earlier = former.pop(self.key(one), None)
            if earlier is None:
                yield ReportDifference(self.name(one), None, one, ("it is new",))
            elif not self.is_alike(earlier, one):
                yield ReportDifference(self.name(one), earlier, one, tuple(self.why(earlier, one)))
        for one in former.values():
            yield ReportDifference(self.name(one), one, None, ("it is no longer there",))


def differences(
    before: Iterable[FrozenFigure], after: Iterable[FrozenFigure]
) -> Iterator[ReportDifference[FrozenFigure]]:
    """Yield the figures that differ, in the order of the later report, and then those that it does not have."""
    return _Compared[FrozenFigure](attrgetter("key"), _name, says_alike, _why).differences(before, after)


def savings_differences(
    before: Iterable[FrozenSavings], after: Iterable[FrozenSavings]
) -> Iterator[ReportDifference[FrozenSavings]]:
    """Yield the baselines whose savings differ, by their ids, as ``differences``."""
    named = attrgetter("id")
    compared = _Compared[FrozenSavings](named, named, _alike_in("said", "disqualified"), _reasons_of_savings)
    return compared.differences(before, after)


def target_differences(
    before: Iterable[FrozenTarget], after: Iterable[FrozenTarget]
) -> Iterator[ReportDifference[FrozenTarget]]:
    """Yield the targets of which something else is said, as ``differences``."""
    alike = _alike_in("said", "declared", "unfit")
    compared = _Compared[FrozenTarget](attrgetter("key"), attrgetter("name"), alike, _reasons_of_target)
    return compared.differences(before, after)


def _alike_in(*fields: str) -> Callable[[BaseModel, BaseModel], bool]:
    """Return whether two lines say the same in some of their fields."""
    said = attrgetter(*fields)
    return lambda before, after: bool(said(before) == said(after))


def _name(one: FrozenFigure) -> str:
    return f"{one.kpi} of {one.subject}, {one.label}"


def _why(before: FrozenFigure, after: FrozenFigure) -> Iterator[str]:
    """Yield why a figure moved, and what the engine noted when it did."""
    yield from reasons(before, after, (before.inputs, after.inputs))
    if after.cause and after.revision != before.revision:
        yield revised([after])


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
