"""Which of several given values hold, and on which days. Pure; the order in which they were given decides nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from kpi_engine.statistics.catalogue import StatisticKind
from kpi_engine.statistics.given import GivenValue

OPEN_END: Final = date.max


@dataclass(frozen=True)
class Held:
    """The days [start, end) on which a value holds; an amount that is never divided has them to itself."""

    start: date
    end: date
    value: GivenValue


def latest(given: Iterable[GivenValue]) -> list[GivenValue]:
    """Return of the values for the same days the one with the latest revision, in order of their days."""
    found: dict[tuple[object, ...], GivenValue] = {}
    for one in given:
        days = (*one.topic, one.valid_from, one.valid_to)
        if days not in found or found[days].rank < one.rank:
            found[days] = one
    return sorted(found.values(), key=_order)


def end_of(value: GivenValue) -> date:
    """Return the day after the last one of a value."""
    return value.valid_to or OPEN_END


def by_days(values: Sequence[GivenValue]) -> list[Held]:
    """Return when each value of one statistic and subject holds, in order of time.

    Of several levels on one day the one that is valid since the latest day, and of two since the same day the one that
    ends first: what is said of fewer days is said more exactly.
    """
    if values and values[0].definition.kind is not StatisticKind.LEVEL:
        return [Held(one.valid_from, end_of(one), one) for one in values]
    edges = sorted({edge for one in values for edge in (one.valid_from, end_of(one))})
    found: list[Held] = []
    for start, end in pairwise(edges):
        on_these = [one for one in values if one.valid_from <= start and end <= end_of(one)]
        if not on_these:
            continue
        value = max(on_these, key=lambda one: (one.valid_from, -end_of(one).toordinal()))
        goes_on = found and found[-1].end == start and found[-1].value == value
        found.append(Held(found.pop().start if goes_on else start, end, value))
    return found


def overlaps(values: Sequence[GivenValue]) -> Iterator[tuple[GivenValue, GivenValue]]:
    """Yield pairs of amounts of one statistic and subject that both count some day, which one of them should."""
    if values and values[0].definition.kind is StatisticKind.FLOW:
        last: GivenValue | None = None
        for one in sorted(values, key=_order):
            if last is not None and one.valid_from < end_of(last):
                yield last, one
            last = one if last is None or end_of(one) > end_of(last) else last


def _order(value: GivenValue) -> tuple[object, ...]:
    return *(part or "" for part in value.topic), value.valid_from, end_of(value)
