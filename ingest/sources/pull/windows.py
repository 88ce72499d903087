"""The windows of time that a service is asked for, one after the other: never of two months."""

from collections.abc import Iterator
from itertools import pairwise

from ingest.model.calendar import Period, day_start, edges, floor
from ingest.model.time import MICROSECOND
from ingest.sources.pull.hub import Dataset, Hub


def windows(hub: Hub, dataset: Dataset, span: tuple[int, int], now: int, zone: str) -> Iterator[tuple[int, int]]:
    """Yield [begin, end) in order, within ``span`` as far as the dataset has it at ``now``; civil days are of ``zone``.

    A service that knows whole months only is asked from the first day of the first one on.
    """
    begin, end = max(span[0], _since(dataset, now, zone)), min(span[1], _until(dataset, now, zone))
    if begin >= end:
        return
    if hub.whole_months:
        begin = floor(begin, Period.MONTH, zone)
    for month, next_month in pairwise(edges(begin, end, Period.MONTH, zone).tolist()):
        days = edges(max(month, begin), min(next_month, end), Period.DAY, zone).tolist()
        starts = [*days[: -1 : hub.days], days[-1]]
        for first, last in pairwise(starts):
            yield max(first, begin), min(last, end)


def _since(dataset: Dataset, now: int, zone: str) -> int:
    first = day_start(dataset.since, zone) if dataset.since else 0
    return first if dataset.reach is None else max(first, now - dataset.reach // MICROSECOND)


def _until(dataset: Dataset, now: int, zone: str) -> int:
    last = now - dataset.lag // MICROSECOND
    return min(last, day_start(dataset.until, zone)) if dataset.until else last
