"""What an import of statistics would move: for whom, on which days, another value holds then. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from kpi_engine.statistics.catalogue import StatisticKind
from kpi_engine.statistics.given import GivenValue, Topic
from kpi_engine.statistics.holding import OPEN_END, Held, by_days, latest


@dataclass(frozen=True)
class ValueChange:
    """On the days [start, end) of a subject, ``after`` would hold where ``before`` does; ``end`` None: from then on."""

    start: date
    end: date | None
    before: GivenValue | None
    after: GivenValue


def changes(given: Iterable[GivenValue], new: Sequence[GivenValue]) -> list[ValueChange]:
    """Return what would move, by subject and statistic and by days; ``given``: what holds now and what it replaced."""
    before, after = _by_topic(given), _by_topic(new)
    return [
        change
        for topic in sorted(after, key=lambda topic: (topic[1], topic[2] or "", topic[0]))
        for change in _differences(latest(before[topic]), latest((*before[topic], *after[topic])))
    ]


def _by_topic(values: Iterable[GivenValue]) -> defaultdict[Topic, list[GivenValue]]:
    found: defaultdict[Topic, list[GivenValue]] = defaultdict(list)
    for one in values:
        found[one.topic].append(one)
    return found


def _differences(before: Sequence[GivenValue], after: Sequence[GivenValue]) -> Iterator[ValueChange]:
    """Yield where another value holds. An import takes no value away, so there is one after it wherever there was one.

    Amounts are compared by the days they are given for: two of them share none, but for those that are never divided.
    """
    was, then = by_days(before), by_days(after)
    if after[0].definition.kind is not StatisticKind.LEVEL:
        of_days = {(held.start, held.end): held.value for held in was}
        pieces = [(held.start, held.end, of_days.get((held.start, held.end)), held.value) for held in then]
    else:
        edges = sorted({edge for held in (*was, *then) for edge in (held.start, held.end)})
        cut = ((start, end, _on(was, start), _on(then, start)) for start, end in pairwise(edges))
        pieces = [(start, end, old, other) for start, end, old, other in cut if other is not None]
    for start, end, old, other in pieces:
        if old != other:
            yield ValueChange(start, None if end == OPEN_END else end, old, other)


def _on(held: Sequence[Held], day: date) -> GivenValue | None:
    return next((one.value for one in held if one.start <= day < one.end), None)
