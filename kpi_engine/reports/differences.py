"""What two reports say of the same figures: each difference with its cause."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kpi_engine.export.figures import factor_words
from kpi_engine.reports.frozen import FrozenFigure


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
        elif _content(earlier) != _content(one):
            yield FigureDifference(_name(one), earlier, one, tuple(_reasons(earlier, one)))
    for one in former.values():
        yield FigureDifference(_name(one), one, None, ("it is no longer there",))


def _name(one: FrozenFigure) -> str:
    return f"{one.kpi} of {one.subject}, {one.label}"


def _content(one: FrozenFigure) -> tuple[Any, ...]:
    return one.value, one.lower, one.upper, one.unit, one.coverage, one.status, one.reason


def _reasons(before: FrozenFigure, after: FrozenFigure) -> Iterator[str]:
    """Yield why a figure moved: rules, factors, how far its period had come, its inputs, and what the engine noted."""
    if before.rule_version != after.rule_version:
        yield f"rules {after.rule_version} instead of {before.rule_version}"
    was, now = ([factor_words(one) for one in figure.factors] for figure in (before, after))
    if was != now:
        yield f"factors {', '.join(now) or 'none'} instead of {', '.join(was) or 'none'}"
    if before.through != after.through:
        yield f"computed through {after.through:%Y-%m-%d %H:%M}Z instead of {before.through:%Y-%m-%d %H:%M}Z"
    if moved := sorted(
        key for key in before.inputs.keys() | after.inputs.keys() if before.inputs.get(key) != after.inputs.get(key)
    ):
        yield f"other inputs: {', '.join(moved)}"
    if after.cause and after.revision != before.revision:
        yield f"revision {after.revision}: {': '.join(filter(None, (after.cause, after.cause_detail)))}"
