"""What two reports say of the same figures: each difference with its cause."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kpi_engine.differences.reasons import reasons, revised, says_alike
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
