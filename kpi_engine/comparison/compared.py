"""Figures of one indicator side by side: never ranked, and with every difference in how they were made. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any, Final

from kpi_engine.figures.status import FigureStatus
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.subjects.subject import SubjectName

_KINDS: Final = ("boundary", "method", "view", "gwp", "calorific_basis")


class Per(StrEnum):
    """What a figure is divided by, so that cities of different size can be looked at together."""

    INHABITANT = "inhabitant"
    KM2 = "km2"


@dataclass(frozen=True)
class ComparedFigure:
    """The figure of one subject in one period; ``amount`` is divided by what is asked for, in ``unit``.

    ``policies``: which ways to reckon its city has chosen, of those that the indicator asks for. ``value_id`` leads to
    its lineage; ``divisor`` says by what it was divided and where that is from. ``reason``: why there is no value, or
    what is to be known beside it.
    """

    subject: SubjectName
    title: str
    label: str
    start: datetime
    end: datetime
    amount: Bounded
    unit: str
    status: FigureStatus
    coverage: float
    estimated_share: float | None
    reason: str | None
    rule_version: str
    factors: Sequence[dict[str, Any]]
    policies: Sequence[str]
    value_id: int | None
    divisor: str | None = None


@dataclass(frozen=True)
class Caution:
    """Something in which figures differ beside their values; ``who`` by what they have."""

    what: str
    who: dict[str, tuple[str, ...]]

    def __str__(self) -> str:
        sentence = "; ".join(f"{how}: {', '.join(whose)}" for how, whose in self.who.items())
        return f"{self.what} differ: {sentence}"


def cautions(figures: Sequence[ComparedFigure]) -> list[Caution]:
    """Return in what ``figures`` differ by the way they were made; they must not share an axis without it.

    Rules, units, and of emission factors by carrier: boundary, method, view, warming potentials, calorific value.
    """
    with_value = [one for one in figures if one.amount.value is not None]
    found = [
        _caution("rules of the indicator", with_value, lambda one: {one.rule_version}),
        _caution("policies of the city", with_value, lambda one: {", ".join(one.policies)}),
        _caution("units", with_value, lambda one: {one.unit}),
        _caution("shares of what is known", with_value, _is_whole),
    ]
    carriers = sorted({one["carrier"] for figure in with_value for one in figure.factors if "carrier" in one})
    for carrier in carriers:
        for kind in _KINDS:
            what = f"emission factors of {carrier}, by {kind.replace('_', ' ')},"
            found.append(_caution(what, with_value, partial(_kinds, carrier, kind)))
    return [one for one in found if one]


def _caution(
    what: str, figures: Sequence[ComparedFigure], ways: Callable[[ComparedFigure], set[str]]
) -> Caution | None:
    who: dict[str, list[str]] = {}
    for one in figures:
        for way in sorted(ways(one)):
            who.setdefault(way, []).append(f"{name_of(one.subject)}, {one.label}")
    return Caution(what, {way: tuple(whose) for way, whose in sorted(who.items())}) if len(who) > 1 else None


def _is_whole(one: ComparedFigure) -> set[str]:
    return {"final" if one.status is FigureStatus.FINAL else "provisional: more may come, or is estimated"}


def _kinds(carrier: str, kind: str, figure: ComparedFigure) -> set[str]:
    return {str(one.get(kind) or "not stated") for one in figure.factors if one.get("carrier") == carrier}


def name_of(subject: SubjectName) -> str:
    """Return a city by its name, and a group with its city."""
    part = subject.group or subject.site
    return f"{subject.city}/{part}" if part else subject.city


def in_order(figures: Sequence[ComparedFigure]) -> Iterator[ComparedFigure]:
    """Yield figures by name and time: their values decide nothing."""
    yield from sorted(figures, key=lambda one: (name_of(one.subject), one.start))
