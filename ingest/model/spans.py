"""Spans of time, [start, end) in microseconds, and what remains, meets and joins of them. Pure."""

from collections.abc import Iterable
from typing import Final

from ingest.model.calendar import day_start
from ingest.model.city.validity import Validity

Span = tuple[int, int]

FOREVER: Final = 2**62
ALWAYS: Final[Span] = (-FOREVER, FOREVER)


def span_of(declared: Validity, zone: str) -> Span:
    """Return when something declared holds, by the civil days of ``zone``."""
    start = day_start(declared.valid_from, zone) if declared.valid_from else -FOREVER
    return start, day_start(declared.valid_to, zone) if declared.valid_to else FOREVER


def difference(span: Span, taken: Iterable[Span]) -> list[Span]:
    """Return what remains of ``span`` when each of ``taken`` is cut out, in order of time."""
    left = [span]
    for start, end in taken:
        left = [part for a, b in left for part in ((a, min(b, start)), (max(a, end), b)) if part[0] < part[1]]
    return left


def union(spans: Iterable[Span]) -> list[Span]:
    """Return the union of ``spans`` as spans that do not touch, in order of time."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def clip(span: Span, others: Iterable[Span]) -> list[Span]:
    """Return the parts of ``span`` that lie in one of ``others``."""
    parts = ((max(span[0], start), min(span[1], end)) for start, end in others)
    return [part for part in parts if part[0] < part[1]]


def intersection(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """Return when one of ``spans`` and one of ``others`` holds, as spans that do not touch."""
    every = list(others)
    return union(part for span in spans for part in clip(span, every))
